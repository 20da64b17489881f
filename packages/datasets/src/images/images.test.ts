import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createRandom, image } from '@nerfseg/geometry';
import sharp from 'sharp';
import { failure, get, scratch } from '../testing/scene.test.helper.js';
import { readImage } from './read-image.js';
import { writeJpeg, writePng } from './write-image.js';

const noise = (width: number, height: number) => {
  const random = createRandom('noise');
  return image(
    width,
    height,
    Uint8Array.from({ length: width * height * 3 }, () => random.int(256)),
  );
};

describe('pictures', () => {
  it('come back from a PNG as they were', async () => {
    const path = join(await scratch(), 'deep', 'folder', 'a.png');
    const picture = noise(37, 21);
    await get(writePng(path, picture));
    const read = await get(readImage(path));
    expect(read.shape).toEqual([21, 37, 3]);
    expect(read.data).toEqual(picture.data);
    expect(await readdir(join(path, '..'))).toEqual(['a.png']);
  });

  it('are refused where their bytes do not lie row by row', async () => {
    const path = join(await scratch(), 'a.png');
    for (const view of [noise(6, 4).step(1, -1), noise(5, 5).transpose(1, 0, 2), noise(4, 4).step(1, 1, -1)])
      await expect(writePng(path, view)()).rejects.toThrow(/not contiguous RGB/);
    await get(writePng(path, noise(6, 4).step(1, 1)));
    // Row by row, if not from the first byte to the last.
    const whole = noise(6, 4);
    await get(writePng(path, whole.lo(1).hi(2)));
    expect((await get(readImage(path))).data).toEqual(whole.data.slice(6 * 3, 3 * 6 * 3));
  });

  it('come back from a JPEG nearly as they were', async () => {
    const path = join(await scratch(), 'a.jpg');
    const smooth = image(
      64,
      32,
      Uint8Array.from({ length: 64 * 32 * 3 }, (_, i) => Math.floor(i / 3) % 64),
    );
    await get(writeJpeg(path, smooth, 95));
    const { data } = await get(readImage(path));
    expect(
      data.reduce((sum, value, i) => sum + Math.abs(value - smooth.data[i]), 0) / data.length,
    ).toBeLessThan(2);
  });

  it('are read anew when the file was replaced', async () => {
    const path = join(await scratch(), 'a.png');
    await get(writePng(path, image(2, 2)));
    await get(readImage(path));
    await get(writePng(path, image(2, 2, new Uint8Array(12).fill(200))));
    expect((await get(readImage(path))).data[0]).toBe(200);
  });

  it('are RGB whatever the file has', async () => {
    const folder = await scratch();
    const grey = sharp(Buffer.alloc(12, 77), { raw: { width: 4, height: 3, channels: 1 } });
    const transparent = sharp(Buffer.alloc(48, 77), { raw: { width: 4, height: 3, channels: 4 } });
    const deep = sharp(
      Uint16Array.from({ length: 36 }, () => 77 * 257),
      {
        raw: { width: 4, height: 3, channels: 3 },
      },
    ).toColourspace('rgb16');
    await writeFile(join(folder, 'grey.png'), await grey.png().toBuffer());
    await writeFile(join(folder, 'transparent.png'), await transparent.png().toBuffer());
    await writeFile(join(folder, 'deep.png'), await deep.png().toBuffer());
    for (const name of ['grey', 'transparent', 'deep']) {
      const { shape, data } = await get(readImage(join(folder, `${name}.png`)));
      expect(shape).toEqual([3, 4, 3]);
      expect(data).toEqual(new Uint8Array(36).fill(77));
    }
  });

  it('that are none are told', async () => {
    const folder = await scratch();
    const path = join(folder, 'a.png');
    await writeFile(path, 'no picture');
    expect(await failure(readImage(path))).toMatchObject({ code: 'unreadable', source: path });
    expect(await failure(readImage(join(folder, 'b.png')))).toMatchObject({ code: 'missing-file' });
    expect(await failure(writePng(join(path, 'c.png'), noise(2, 2)))).toMatchObject({ code: 'unavailable' });
  });
});
