import { mkdir, readdir, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { image } from '@nerfseg/geometry';
import { some } from 'fp-ts/lib/Option.js';
import { writePng } from '../images/write-image.js';
import { semanticKittiLabelSpace, semanticKittiMultiScanLabelSpace } from '../labels/semantic-kitti.js';
import { edit, failure, get, sceneRecord, scratch } from '../testing/scene.test.helper.js';
import { writeSemanticKitti } from '../write/write-kitti.js';
import { openSemanticKitti } from './open-semantic-kitti.js';

const classes = semanticKittiLabelSpace.names.length;

describe('openSemanticKitti', () => {
  it('numbers the frames of all sequences one after another', async () => {
    const root = await scratch();
    const names = Array.from({ length: 22 }, (_, i) => String(i).padStart(2, '0'));
    await get(
      writeSemanticKitti(
        root,
        names.map((name, i) => sceneRecord(name, 1 + (i % 3), classes, [])),
      ),
    );
    const dataset = await get(openSemanticKitti({ root }));
    const ids = names.flatMap((name, i) =>
      Array.from({ length: 1 + (i % 3) }, (_, scan) => `${name}/00000${scan}`),
    );
    expect(Array.from({ length: dataset.length }, (_, i) => dataset.frame(i).id)).toEqual(ids);
    for (const i of [-1, ids.length, 0.5, Number.NaN]) expect(() => dataset.frame(i)).toThrow(RangeError);
    for (const [split, count] of [
      ['train', 18],
      ['val', 3],
      ['test', 22],
    ] as const)
      expect((await get(openSemanticKitti({ root, split }))).length).toBe(count);
  });

  it('has the scans in order of time where their numbers have no leading zeros', async () => {
    const root = await scratch();
    await get(writeSemanticKitti(root, [sceneRecord('00', 12, classes, [])]));
    for (const folder of ['velodyne', 'labels'])
      for (const name of await readdir(join(root, 'sequences/00', folder)))
        await rename(
          join(root, 'sequences/00', folder, name),
          join(root, 'sequences/00', folder, name.replace(/^0+(?=\d)/, '')),
        );
    const dataset = await get(openSemanticKitti({ root }));
    for (let i = 0; i < 12; i++) {
      const { id, timestamp } = dataset.frame(i);
      expect([id, timestamp]).toEqual([`00/${i}`, i * 500_000]);
    }
  });

  it('has both colour cameras when asked for both, each with its own matrix', async () => {
    const root = await scratch();
    await get(writeSemanticKitti(root, [sceneRecord('00', 2, classes, ['image_2', 'image_3'])]));
    await get(writePng(join(root, 'sequences/00/image_3/000001.png'), image(24, 16)));
    const alone = await Promise.all(
      (['image_2', 'image_3'] as const).map((camera) => get(openSemanticKitti({ root, camera }))),
    );
    const both = await get(openSemanticKitti({ root, camera: 'both' }));
    const { cameras } = both.frame(1);
    expect(cameras.map(({ name }) => name)).toEqual(['image_2', 'image_3']);
    for (const [c, dataset] of alone.entries()) {
      const [camera] = dataset.frame(1).cameras;
      expect(cameras[c].cameraFromLidar).toEqual(camera.cameraFromLidar);
      expect(cameras[c].intrinsics).toEqual(camera.intrinsics);
      expect(cameras[c].imagePath).toBe(camera.imagePath);
    }
    expect(cameras[0].cameraFromLidar[12]).not.toBeCloseTo(cameras[1].cameraFromLidar[12], 2);
    await get(writeSemanticKitti(root, [sceneRecord('01', 1, classes, ['image_2'])]));
    expect(await failure(openSemanticKitti({ root, camera: 'both' }))).toMatchObject({
      code: 'missing-file',
      source: join(root, 'sequences/01/image_3'),
    });
  });

  it('takes no other files for pictures, and does not go without those it was asked for', async () => {
    const root = await scratch();
    await get(writeSemanticKitti(root, [sceneRecord('00', 1, 20, ['image_2'])]));
    // As macOS leaves it beside a picture, first by name.
    await writeFile(join(root, 'sequences/00/image_2/._000000.png'), 'no picture');
    const dataset = await get(openSemanticKitti({ root }));
    expect(dataset.frame(0).cameras).toHaveLength(1);
    await mkdir(join(root, 'sequences/00/image_3'));
    expect(await failure(openSemanticKitti({ root, camera: 'image_3' }))).toMatchObject({
      code: 'empty',
      source: join(root, 'sequences/00/image_3'),
    });
  });

  it('tells moving classes apart, and keeps instances', async () => {
    const root = await scratch();
    await get(writeSemanticKitti(root, [sceneRecord('00', 1, classes, [])]));
    const words = Uint32Array.from({ length: 50 }, (_, i) => ((i * 1309) << 16) | (i % 2 ? 252 : 10));
    await writeFile(join(root, 'sequences/00/labels/000000.label'), words);
    const single = (await get(openSemanticKitti({ root }))).frame(0);
    const several = await get(openSemanticKitti({ root, task: 'multi-scan' }));
    expect(several.labelSpace).toBe(semanticKittiMultiScanLabelSpace);
    expect(await get(single.labels())).toEqual(some(new Uint8Array(50).fill(1)));
    expect(await get(several.frame(0).labels())).toEqual(
      some(Uint8Array.from({ length: 50 }, (_, i) => (i % 2 ? 20 : 1))),
    );
    expect(await get(single.instances!())).toEqual(
      some(Uint16Array.from({ length: 50 }, (_, i) => (i * 1309) & 0xffff)),
    );
    await edit(join(root, 'sequences/00/labels/000000.label'), (bytes) => bytes.setUint16(4, 999, true));
    expect(await failure(several.frame(0).labels())).toMatchObject({ field: 'label of point 1' });
  });

  it('refuses what is no file, and what is too large, before it allocates', async () => {
    const root = await scratch();
    await get(writeSemanticKitti(root, [sceneRecord('00', 2, classes, [])]));
    const scan = join(root, 'sequences/00/velodyne/000002.bin');
    await mkdir(scan);
    await writeFile(join(root, 'sequences/00/poses.txt'), '1 0 0 0 0 1 0 0 0 0 1 0\n'.repeat(3));
    await writeFile(join(root, 'sequences/00/times.txt'), '0\n0.1\n1e300\n');
    expect(await failure(openSemanticKitti({ root }))).toMatchObject({
      code: 'out-of-range',
      field: 'row 2',
      found: '1e+300',
    });
    await writeFile(join(root, 'sequences/00/times.txt'), '0\n0.1\n0.2\n');
    const dataset = await get(openSemanticKitti({ root }));
    expect(await failure(dataset.frame(2).points())).toMatchObject({
      code: 'unreadable',
      source: scan,
      found: 'no regular file',
    });
    // Sparse files: enormous by name, without a byte on the disk.
    const large = join(root, 'sequences/00/velodyne/000001.bin');
    await truncate(large, 2 ** 36);
    expect(await failure(dataset.frame(1).points())).toMatchObject({
      code: 'out-of-range',
      source: large,
      field: 'size',
    });
    const labels = join(root, 'sequences/00/labels/000000.label');
    await truncate(labels, 2 ** 36);
    expect(await failure(dataset.frame(0).labels())).toMatchObject({ code: 'mismatch', source: labels });
    await truncate(join(root, 'sequences/00/poses.txt'), 2 ** 36);
    expect(await failure(openSemanticKitti({ root }))).toMatchObject({ code: 'out-of-range', field: 'size' });
  });
});
