import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type DataError, dataError, type Image } from '@nerfseg/geometry';
import { left, right } from 'fp-ts/lib/Either.js';
import { drawImage, drawMasks } from '../testing/draw.js';
import { cachedMasks } from './cached-masks.js';
import type { MaskSource } from './types.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nerfseg-masks-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const masks = drawMasks(
  [
    ['####', '##..'],
    ['....', '..##'],
  ],
  [0.5, 1.25],
);
const picture = (tone: number): Image => drawImage(4, 2, () => [tone, 0, 0]);

/** Counts how often it is asked. */
function counting(settings: MaskSource['settings'] = {}): MaskSource & { calls: () => number } {
  let calls = 0;
  return {
    name: 'counting',
    settings,
    segment: () => async () => {
      calls++;
      return right(masks);
    },
    calls: () => calls,
  };
}

const bytesOf = async (file: string): Promise<Uint8Array> => new Uint8Array(await readFile(file));

const files = async (): Promise<string[]> => {
  const all = await readdir(folder, { recursive: true });
  return all
    .filter((name) => name.endsWith('.masks'))
    .map((name) => path.join(folder, name))
    .sort();
};

describe('cachedMasks', () => {
  it('asks the source once per picture, whatever the key', async () => {
    const source = counting();
    expect(await cachedMasks(source, folder).segment(picture(1), 'a')()).toEqual(right(masks));
    // Another cache on the same folder: the next run.
    expect(await cachedMasks(source, folder).segment(picture(1), 'b')()).toEqual(right(masks));
    expect(source.calls()).toBe(1);
    await cachedMasks(source, folder).segment(picture(2))();
    expect(source.calls()).toBe(2);
    expect(await files()).toHaveLength(2);
  });

  it('keeps settings apart', async () => {
    for (const settings of [
      { a: 1, b: 2 },
      { a: 2, b: 2 },
    ]) {
      const source = counting(settings);
      await cachedMasks(source, folder).segment(picture(1))();
      expect(source.calls()).toBe(1);
    }
    const reordered = counting({ b: 2, a: 1 });
    await cachedMasks(reordered, folder).segment(picture(1))();
    expect(reordered.calls()).toBe(0);
  });

  it('makes a damaged file anew and says so', async () => {
    const source = counting();
    await cachedMasks(source, folder).segment(picture(1))();
    const [file] = await files();
    const good = await bytesOf(file!);
    const damaged: [Uint8Array, DataError['code']][] = [
      [new Uint8Array(0), 'truncated'],
      [good.subarray(0, 10), 'truncated'],
      [good.subarray(0, good.length - 1), 'malformed'],
      [Uint8Array.from(good, (byte, i) => (i === good.length - 1 ? byte ^ 1 : byte)), 'malformed'],
      [Uint8Array.from(good, (byte, i) => (i === 14 ? 0 : byte)), 'malformed'],
      [new TextEncoder().encode('something else altogether, and longer than a header'), 'malformed'],
    ];
    for (const [i, [bytes, code]] of damaged.entries()) {
      await writeFile(file!, bytes);
      const told: DataError[] = [];
      const cached = cachedMasks(source, folder, { warn: (error) => told.push(error) });
      expect(await cached.segment(picture(1))()).toEqual(right(masks));
      expect(told).toMatchObject([{ code, source: file }]);
      expect(source.calls()).toBe(i + 2);
      expect(await bytesOf(file!)).toEqual(good);
    }
  });

  it('does not take masks of another size for its own', async () => {
    const source = counting();
    await cachedMasks(source, folder).segment(picture(1))();
    const other = drawImage(2, 2, () => [9, 9, 9]);
    await cachedMasks(
      { ...source, segment: () => async () => right(drawMasks([['##', '..']])) },
      folder,
    ).segment(other)();
    const [a, b] = await files();
    await writeFile(a!, await bytesOf(b!));
    await writeFile(b!, await bytesOf(a!));
    const told: DataError[] = [];
    const cached = cachedMasks(source, folder, { warn: (error) => told.push(error) });
    await cached.segment(picture(1))();
    await cached.segment(other)();
    expect(told.map((error) => error.code)).toEqual(['mismatch']);
  });

  it('passes on what fails, and keeps nothing of it', async () => {
    const error = dataError('unavailable', 'source', 'field', 'found', 'expected');
    const failing = { ...counting(), segment: () => async () => left(error) };
    expect(await cachedMasks(failing, folder).segment(picture(1))()).toEqual(left(error));
    expect(await files()).toEqual([]);
    const wrong = { ...picture(1), shape: [4, 2, 4] } as Image;
    expect(await cachedMasks(counting(), folder).segment(wrong)()).toMatchObject({
      left: { code: 'mismatch' },
    });
  });

  it('says when the folder is none', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    const result = await cachedMasks(counting(), file).segment(picture(1))();
    expect(result).toMatchObject({ _tag: 'Left', left: { code: 'unavailable', field: 'mask store' } });
  });
});
