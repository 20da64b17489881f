import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { devoxelize } from './devoxelize.js';
import { pointsByVoxel } from './points-by-voxel.js';
import { voxelLabels } from './voxel-labels.js';

/** Points of some voxels; every voxel has at least one point, -1 is a dropped one. */
const anyScan = fc.array(fc.integer({ min: -1, max: 9 }), { minLength: 1, maxLength: 120 }).map((cells) => {
  const used = [...new Set(cells.filter((cell) => cell >= 0))].sort((a, b) => a - b);
  return {
    coords: new Int32Array(used.length * 3),
    voxelOfPoint: Int32Array.from(cells, (cell) => used.indexOf(cell)),
  };
});
const labelled = anyScan.chain((scan) =>
  fc.tuple(
    fc.constant(scan),
    fc.uint8Array({ minLength: scan.voxelOfPoint.length, maxLength: scan.voxelOfPoint.length, max: 5 }),
  ),
);

/** The most frequent, ties to the lowest: by counting each class over all points. */
const naiveMajority = (labels: number[]): number => {
  let best = 0;
  let most = 0;
  for (let label = 0; label < 6; label++) {
    const votes = labels.filter((other) => other === label).length;
    if (votes > most) [best, most] = [label, votes];
  }
  return best;
};

describe('voxelLabels', () => {
  it('is the majority of each voxel, with and without the votes of label 0', () => {
    fc.assert(
      fc.property(labelled, ([scan, labels]) => {
        const all = voxelLabels(scan, labels, 6);
        const known = voxelLabels(scan, labels, 6, { ignoreVotes: false });
        for (let v = 0; v < all.length; v++) {
          const votes = Array.from(labels).filter((_, n) => scan.voxelOfPoint[n] === v);
          expect(all[v]).toBe(naiveMajority(votes));
          expect(known[v]).toBe(naiveMajority(votes.filter((label) => label !== 0)));
        }
      }),
    );
  });
  it('breaks ties to the lowest id; label 0 wins them only when it votes', () => {
    const scan = { coords: new Int32Array(6), voxelOfPoint: Int32Array.of(0, 0, 1, 1, 1) };
    const labels = Uint8Array.of(4, 2, 0, 0, 3);
    expect(Array.from(voxelLabels(scan, labels, 5))).toEqual([2, 0]);
    expect(Array.from(voxelLabels(scan, labels, 5, { ignoreVotes: false }))).toEqual([2, 3]);
  });
  it('throws on labels of another number or beyond the classes', () => {
    const scan = { coords: new Int32Array(3), voxelOfPoint: Int32Array.of(0, 0) };
    expect(() => voxelLabels(scan, new Uint8Array(3), 5)).toThrow(/3 labels for 2 points/);
    expect(() => voxelLabels(scan, Uint8Array.of(1, 5), 5)).toThrow(/point 1 has label 5/);
  });
});

describe('devoxelize', () => {
  it('returns voxel labels to the points: unanimous voxels keep their labels', () => {
    fc.assert(
      fc.property(anyScan, (scan) => {
        const labels = Uint8Array.from(scan.voxelOfPoint, (voxel) => (voxel < 0 ? 0 : (voxel % 5) + 1));
        expect(devoxelize(scan, voxelLabels(scan, labels, 6))).toEqual(labels);
      }),
    );
  });
  it('voting again on what it returns changes nothing', () => {
    fc.assert(
      fc.property(labelled, ([scan, labels]) => {
        const perVoxel = voxelLabels(scan, labels, 6);
        expect(voxelLabels(scan, devoxelize(scan, perVoxel), 6)).toEqual(perVoxel);
      }),
    );
  });
  it('throws on another number of voxels', () => {
    expect(() =>
      devoxelize({ coords: new Int32Array(6), voxelOfPoint: Int32Array.of(0) }, new Uint8Array(3)),
    ).toThrow(RangeError);
  });
});

describe('pointsByVoxel', () => {
  it('lists every kept point once, by voxel, ascending', () => {
    fc.assert(
      fc.property(anyScan, ({ coords, voxelOfPoint }) => {
        const voxels = coords.length / 3;
        const { offsets, order } = pointsByVoxel(voxelOfPoint, voxels);
        const expected = Array.from({ length: voxels }, (_, v) =>
          [...voxelOfPoint.keys()].filter((n) => voxelOfPoint[n] === v),
        );
        expect(expected.map((_, v) => Array.from(order.subarray(offsets[v], offsets[v + 1])))).toEqual(
          expected,
        );
        expect(order).toHaveLength(expected.flat().length);
      }),
    );
  });
});
