import { describe, expect, it } from '@jest/globals';
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

  it('leaves an empty mask alone', () => {
    expect(removeSmallRegions(new Uint8Array(6), 3, 2, 9)).toBe(false);
  });
});

describe('maskPurity', () => {
  it('counts covered points and those of the majority', () => {
    const purity = maskPurity([0, 0, 0, 1, -1, -1, 1], [3, 3, 4, 5, 5, 0, 0]);
    expect(purity).toEqual({ coverage: 4 / 5, purity: 3 / 4, masks: 2, labelledPoints: 5 });
  });

  it('is 0 without labels', () => {
    expect(maskPurity([0], [0])).toEqual({ coverage: 0, purity: 0, masks: 0, labelledPoints: 0 });
  });
});
