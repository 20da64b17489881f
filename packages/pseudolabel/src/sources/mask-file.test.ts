import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isRight, right } from 'fp-ts/lib/Either.js';
import { encodeRuns } from '../masks/encode-runs.js';
import { segmentMasks } from '../masks/segment-masks.js';
import { readNumbers, writeNumbers } from './leb128.js';
import { decodeMaskFile, encodeMaskFile } from './mask-file.js';

describe('mask files', () => {
  it('come back as the masks they were', () => {
    const bitmap = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 600, maxLength: 600 });
    const runs = fc.oneof(
      bitmap.map(encodeRuns),
      fc.integer({ min: 0, max: 599 }).map((start) => Uint32Array.of(start, 600 - start)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(runs, fc.float({ noNaN: true, noDefaultInfinity: true }))), (entries) => {
        const masks = segmentMasks(
          30,
          20,
          entries.map(([r]) => r),
          entries.map(([, score]) => score),
        );
        expect(decodeMaskFile(encodeMaskFile(masks, { key: 'x' }), 'file')).toEqual(right(masks));
      }),
    );
  });

  it('are never half read', () => {
    const file = encodeMaskFile(segmentMasks(3, 2, [Uint32Array.of(1, 2, 3)], [0.5]));
    for (let length = 0; length < file.length; length++)
      expect(isRight(decodeMaskFile(file.subarray(0, length), 'file'))).toBe(false);
    expect(isRight(decodeMaskFile(Uint8Array.from([...file, 0]), 'file'))).toBe(false);
  });

  it('notice every flipped bit', () => {
    const file = encodeMaskFile(segmentMasks(3, 2, [Uint32Array.of(1, 2, 3)], [0.5]));
    for (let bit = 0; bit < file.length * 8; bit++) {
      const damaged = file.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(isRight(decodeMaskFile(damaged, 'file'))).toBe(false);
    }
  });

  it('hold numbers of any size', () => {
    const numbers = [0, 1, 127, 128, 300, 2 ** 31, 2 ** 32 + 5, 2 ** 40];
    expect([...readNumbers(writeNumbers(numbers))]).toEqual(numbers);
  });

  it('take less than a byte per run where rows are alike', () => {
    const masks = segmentMasks(400, 300, [Uint32Array.from({ length: 1200 }, () => 100)], [1]);
    expect(encodeMaskFile(masks).length).toBeLessThan(300);
  });
});
