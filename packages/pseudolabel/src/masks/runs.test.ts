import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRuns } from './decode-runs.js';
import { encodeRuns } from './encode-runs.js';
import { maskIou } from './mask-iou.js';
import { segmentMasks } from './segment-masks.js';

const bitmaps = fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 60 });

describe('run lengths', () => {
  it('start with zeros, row by row', () => {
    expect([...encodeRuns([0, 0, 1, 1, 1, 0])]).toEqual([2, 3, 1]);
    expect([...encodeRuns([1, 1, 0])]).toEqual([0, 2, 1]);
    expect([...encodeRuns([0, 0])]).toEqual([2]);
  });

  it('come back as the bitmap they were', () => {
    fc.assert(
      fc.property(bitmaps, (bits) => {
        expect([...decodeRuns(encodeRuns(bits), bits.length)]).toEqual(bits);
      }),
    );
  });

  it('must fit the picture', () => {
    expect(() => decodeRuns(Uint32Array.of(2, 3), 4)).toThrow(RangeError);
    expect(() => decodeRuns(Uint32Array.of(2, 1), 4)).toThrow(RangeError);
    expect(() => decodeRuns(Uint32Array.of(2, 2, 5), 4)).toThrow(RangeError);
  });
});

describe('maskIou', () => {
  it('equals what the bitmaps say', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 60 }), (bits) => {
        const a = bits.map(([x]) => Number(x));
        const b = bits.map(([, y]) => Number(y));
        const both = bits.filter(([x, y]) => x && y).length;
        const either = bits.filter(([x, y]) => x || y).length;
        expect(maskIou(encodeRuns(a), encodeRuns(b))).toBeCloseTo(either === 0 ? 0 : both / either, 12);
      }),
    );
  });

  it('refuses masks of different pictures', () => {
    expect(() => maskIou(Uint32Array.of(4), Uint32Array.of(5))).toThrow(RangeError);
  });
});

describe('segmentMasks', () => {
  it('finds area and box, as the bitmap has them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), bitmaps, (width, bits) => {
        const height = Math.ceil(bits.length / width) + 1;
        const bitmap = Uint8Array.from({ length: width * height }, (_, i) => bits[i] ?? 0);
        const { masks, area, box } = segmentMasks(width, height, [encodeRuns(bitmap)], [1]);
        const inside = [...bitmap.keys()].filter((i) => bitmap[i] === 1);
        expect([...area]).toEqual(inside.length === 0 ? [] : [inside.length]);
        expect(masks).toHaveLength(area.length);
        if (inside.length === 0) return;
        const xs = inside.map((i) => i % width);
        const ys = inside.map((i) => Math.floor(i / width));
        expect([...box]).toEqual([
          Math.min(...xs),
          Math.min(...ys),
          Math.max(...xs) + 1,
          Math.max(...ys) + 1,
        ]);
      }),
    );
  });

  it('refuses runs of another size', () => {
    expect(() => segmentMasks(2, 2, [Uint32Array.of(1, 2)], [1])).toThrow(RangeError);
    expect(() => segmentMasks(2, 2, [], [1])).toThrow(RangeError);
  });
});
