import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boxNms } from './box-nms.js';
import { maskPurity } from './mask-purity.js';
import { removeSmallRegions } from './remove-small-regions.js';
import { stabilityScore } from './stability-score.js';

describe('boxNms', () => {
  const boxes = [0, 0, 10, 10, 1, 0, 10, 10, 0, 0, 4, 4, 20, 20, 30, 30];

  it('keeps the best of boxes that overlap, and all others', () => {
    expect(boxNms(boxes, [0.8, 0.9, 0.7, 0.5], 0.7)).toEqual([1, 2, 3]);
  });

  it('keeps the first of equals', () => {
    expect(boxNms(boxes, [1, 1, 1, 1], 0.7)).toEqual([0, 2, 3]);
  });

  it('does not let a box that fell suppress another', () => {
    // The middle one overlaps both its neighbours, which overlap each other too little.
    const chain = [0, 0, 10, 1, 3, 0, 13, 1, 6, 0, 16, 1];
    expect(boxNms(chain, [3, 2, 1], 0.5)).toEqual([0, 2]);
  });

  it('takes no boxes', () => {
    expect(boxNms([], [], 0.7)).toEqual([]);
  });

  it('refuses boxes that are cut short', () => {
    expect(() => boxNms(boxes.slice(1), [1, 1, 1, 1], 0.7)).toThrow(RangeError);
  });
});

describe('stabilityScore', () => {
  it('compares the mask cut high with the mask cut low', () => {
    expect(stabilityScore(Float32Array.of(5, 5, 5, 0.5, -0.5, -9), 1)).toBeCloseTo(3 / 5);
    expect(stabilityScore(Float32Array.of(5, -9), 1)).toBe(1);
    expect(stabilityScore(Float32Array.of(-9, -9), 1)).toBe(0);
  });
});

const bits = (lines: string[]): Uint8Array =>
  Uint8Array.from([...lines.join('')], (c) => (c === '#' ? 1 : 0));

/** Regions of 8-connected pixels of one value, in the order of their first pixels. */
function regionsOf(bitmap: Uint8Array, width: number, value: number): number[][] {
  const regions: number[][] = [];
  const seen = new Set<number>();
  bitmap.forEach((at, seed) => {
    if (at !== value || seen.has(seed)) return;
    const region = [seed];
    seen.add(seed);
    for (const pixel of region)
      bitmap.forEach((other, i) => {
        const [dx, dy] = [(i % width) - (pixel % width), Math.floor(i / width) - Math.floor(pixel / width)];
        if (other !== value || seen.has(i) || Math.max(Math.abs(dx), Math.abs(dy)) !== 1) return;
        seen.add(i);
        region.push(i);
      });
    regions.push(region);
  });
  return regions;
}

/** The original's `remove_small_regions`: holes, then islands, of which the largest stays when all are small. */
function withoutSmallRegions(bitmap: Uint8Array, width: number, minArea: number): Uint8Array {
  const result = bitmap.slice();
  for (const hole of regionsOf(result, width, 0))
    if (hole.length < minArea) for (const i of hole) result[i] = 1;
  const islands = regionsOf(result, width, 1);
  const largest = Math.max(...islands.map((island) => island.length));
  const kept =
    largest < minArea
      ? islands.filter((island) => island.length === largest).slice(0, 1)
      : islands.filter((island) => island.length >= minArea);
  result.fill(0);
  for (const i of kept.flat()) result[i] = 1;
  return result;
}

describe('removeSmallRegions', () => {
  it('fills holes and drops islands, and leaves what is large', () => {
    const bitmap = bits(['#####..', '#.###.#', '#####..', '#####..']);
    expect(removeSmallRegions(bitmap, 7, 4, 3)).toBe(true);
    expect(bitmap).toEqual(bits(['#####..', '#####..', '#####..', '#####..']));
    expect(removeSmallRegions(bitmap, 7, 4, 3)).toBe(false);
  });

  it('does not take the open background around a small mask for a hole', () => {
    const bitmap = bits(['......', '.##...', '.##...', '......']);
    expect(removeSmallRegions(bitmap, 6, 4, 4)).toBe(false);
    const large = new Uint8Array(100 * 100);
    large[5050] = 1;
    expect(removeSmallRegions(large, 100, 100, 20)).toBe(false);
    expect(large.reduce((sum, inside) => sum + inside, 0)).toBe(1);
  });

  it('spares the largest island when all are small', () => {
    const bitmap = bits(['#....', '.....', '..##.']);
    removeSmallRegions(bitmap, 5, 3, 3);
    expect(bitmap).toEqual(bits(['.....', '.....', '..##.']));
  });

  it('does as the original, region by region of the whole picture', () => {
    const pictures = fc
      .tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 14 }))
      .chain(([width, height]) =>
        fc.record({
          width: fc.constant(width),
          bits: fc.array(fc.boolean(), { minLength: width * height, maxLength: width * height }),
          minArea: fc.integer({ min: 1, max: 40 }),
        }),
      );
    fc.assert(
      fc.property(pictures, ({ width, bits, minArea }) => {
        const bitmap = Uint8Array.from(bits, Number);
        // The original generator drops empty masks before it gets here.
        fc.pre(bitmap.includes(1));
        const expected = withoutSmallRegions(bitmap, width, minArea);
        removeSmallRegions(bitmap, width, bits.length / width, minArea);
        expect(bitmap).toEqual(expected);
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  it('takes as many islands as a picture can have', () => {
    const [width, height] = [1600, 900];
    const bitmap = new Uint8Array(width * height);
    for (let y = 0; y < height; y += 2) for (let x = 0; x < width; x += 2) bitmap[y * width + x] = 1;
    expect(removeSmallRegions(bitmap, width, height, 2)).toBe(true);
    expect([bitmap.indexOf(1), bitmap.lastIndexOf(1)]).toEqual([0, 0]);
  });

  it('leaves an empty mask alone', () => {
    expect(removeSmallRegions(new Uint8Array(6), 3, 2, 9)).toBe(false);
  });
});

describe('maskPurity', () => {
  it('counts covered points and those of the majority', () => {
    const purity = maskPurity([0, 0, 0, 1, -1, -1, 1], [3, 3, 4, 5, 5, 0, 0]);
    expect(purity).toEqual({ coverage: 4 / 5, purity: 3 / 4, masks: 2, labelledPoints: 5 });
  });

  it('throws for points and labels that do not belong together', () => {
    expect(() => maskPurity([0, 0], [3])).toThrow(RangeError);
    expect(() => maskPurity([0], [3, 3])).toThrow(RangeError);
  });

  it('is 0 without labels', () => {
    expect(maskPurity([0], [0])).toEqual({ coverage: 0, purity: 0, masks: 0, labelledPoints: 0 });
  });
});
