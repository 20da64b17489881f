import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { drawMasks } from '../testing/draw.js';
import { fuseProjection } from './fuse-projection.js';

const masks = drawMasks([['####....'], ['....####']]);
const at = (u: number[]): { u: number[]; v: number[] } => ({ u, v: u.map(() => 0.5) });

describe('fuseProjection', () => {
  it('lets labels vote, and labels what has none', () => {
    const points = at([0.1, 1.5, 2.5, 3.9, 4.1, 5, 6]);
    const labels = fuseProjection(masks, points, [1, 1, 0, 1, 2, 2, 0], { numClasses: 3 });
    expect([...labels.classOfRay]).toEqual([1, 1, 1, 1, 2, 2, 2]);
    expect(labels.segments.map((s) => s.coverage)).toEqual([3 / 4, 2 / 3]);
  });

  it('gives a tie to the lowest class, unless votes are weighted', () => {
    const points = at([0, 1, 2, 3]);
    const options = { numClasses: 3, maxSegmentEntropy: 1 };
    expect([...fuseProjection(masks, points, [2, 2, 1, 1], options).classOfRay]).toEqual([1, 1, 1, 1]);
    const weighted = fuseProjection(masks, points, [2, 1, 1, 1], { ...options, voteWeights: [0, 1, 4] });
    expect([...weighted.classOfRay]).toEqual([2, 2, 2, 2]);
  });

  it('passes over points outside of the picture, hidden ones and NaN', () => {
    const points = { ...at([0, -0.5, 8, Number.NaN, 1, 2]), visible: [1, 1, 1, 1, 0, 1] };
    const labels = fuseProjection(masks, points, [1, 2, 2, 2, 2, 1], { numClasses: 3 });
    expect([...labels.classOfRay]).toEqual([1, 0, 0, 0, 0, 1]);
    expect([...labels.segmentOfRay]).toEqual([0, -1, -1, -1, -1, 0]);
  });

  it('does not hear labels that are unsure', () => {
    const labels = fuseProjection(masks, at([0, 1, 2, 3]), [1, 2, 2, 1], {
      numClasses: 3,
      entropy: [0.1, 0.9, 0.9, 0.1],
    });
    expect([...labels.classOfRay]).toEqual([1, 1, 1, 1]);
  });

  it('supervises at most so many points of a segment', () => {
    const u = Array.from({ length: 1000 }, (_, i) => (i < 990 ? (i % 4) + 0.5 : 4.5));
    const labels = u.map(() => 1);
    for (const random of [undefined, createRandom(1)]) {
      const fused = fuseProjection(masks, at(u), labels, {
        numClasses: 3,
        ...(random === undefined ? {} : { random }),
      });
      const perSegment = [0, 0];
      fused.classOfRay.forEach((classId, i) => {
        if (classId > 0) perSegment[fused.segments[fused.segmentOfRay[i]!]!.mask]!++;
      });
      expect(perSegment).toEqual([24, 10]);
      expect(fused.segments.map((s) => s.rays)).toEqual([990, 10]);
    }
  });

  it('refuses labels beyond the classes and arrays of different lengths', () => {
    expect(() => fuseProjection(masks, at([1]), [3], { numClasses: 3 })).toThrow(RangeError);
    expect(() => fuseProjection(masks, at([5]), [-1], { numClasses: 3 })).toThrow(/label -1/);
    expect(() => fuseProjection(masks, at([1, 2]), [1], { numClasses: 3 })).toThrow(/1 labels, but 2 of u/);
    const refused = (options: object) => () =>
      fuseProjection(masks, { ...at([1, 2]), visible: [1, 1] }, [1, 1], { numClasses: 3, ...options });
    expect(refused({ entropy: [0] })).toThrow(/1 of entropy/);
    expect(refused({ voteWeights: [0, 1] })).toThrow(/2 voteWeights, 3 classes/);
  });
});
