import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { failure, get, scratch } from '../testing/scene.test.helper.js';
import { guard } from './guard.js';
import { npzBytes, readNpz } from './npz.js';

// numpy 1.24: np.savez_compressed(file, data=np.array([17001, 2003, 24000, 0, 17001], dtype=np.uint16))
const ofNumpy = Uint8Array.from(
  atob(
    'UEsDBBQAAAAIAAAAIQDn/lnDTgAAAIoAAAAIABQAZGF0YS5ucHkBABAAigAAAAAAAABOAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG5TaqSu' +
      'o6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GqY6mjoKtQoUAK5Mp8vsB2IZGDKdAFBLAQIUAxQAAAAIAAAAIQDn/lnDTgAAAIoAAAAI' +
      'AAAAAAAAAAAAAACAAQAAAABkYXRhLm5weVBLBQYAAAAAAQABADYAAACIAAAAAAA=',
  ),
  (c) => c.charCodeAt(0),
);
const values = [17001, 2003, 24000, 0, 17001];

const file = async (bytes: Uint8Array): Promise<string> => {
  const path = join(await scratch(), 'labels.npz');
  await writeFile(path, bytes);
  return path;
};
const read = (path: string, name = 'data', most = 10) => guard(() => readNpz(path, name, most));

describe('npz', () => {
  it("reads numpy's file", async () => {
    const { shape, values: found } = await get(read(await file(ofNumpy)));
    expect(shape).toEqual([5]);
    expect(found).toBeInstanceOf(Uint16Array);
    expect(Array.from(found)).toEqual(values);
  });

  it('reads what it writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint16Array({ maxLength: 300 }), async (data) => {
        const path = await file(npzBytes({ other: new Uint8Array(3), data }));
        expect(Array.from((await get(read(path, 'data', 600))).values)).toEqual(Array.from(data));
      }),
      { seed: 4, numRuns: 30 },
    );
  });

  it('refuses what is larger than it may be before it unpacks', async () => {
    const path = await file(npzBytes({ data: new Uint16Array(1_000_000) }));
    expect(await failure(read(path, 'data', 100))).toMatchObject({ code: 'malformed', source: path });
    expect(await failure(read(path, 'labels'))).toMatchObject({ code: 'not-found' });
  });

  it('tells of every flipped bit, or is not hurt by it', async () => {
    for (let at = 0; at < ofNumpy.length; at++) {
      const bytes = ofNumpy.slice();
      bytes[at] ^= 1 << (at % 8);
      const result = await read(await file(bytes))();
      if (result._tag === 'Right') expect(Array.from(result.right.values)).toEqual(values);
      else expect(result.left._tag).toBe('DataError');
    }
  });

  it('tells of every truncation', async () => {
    for (let length = 0; length < ofNumpy.length; length++)
      expect((await read(await file(ofNumpy.slice(0, length)))())._tag).toBe('Left');
  });
});
