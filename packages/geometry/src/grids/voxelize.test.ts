import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyPointCloud } from '../testing/arbitraries.test.helper.js';
import type { CylindricalGrid, PointCloud, VoxelizedScan } from '../types.js';
import { cellOf } from './cell-of.js';
import { cellsOf } from './cells-of.js';
import { cylindricalGrid } from './cylindrical-grid.js';
import { type VoxelizeOptions, voxelize } from './voxelize.js';

const grid = cylindricalGrid('semantickitti');
const cloud = (rows: number[][]): PointCloud => ({
  positions: Float32Array.from(rows.flatMap((row) => row.slice(0, 3))),
  intensity: Float32Array.from(rows, (row) => row[3]),
});
const scanOf = (
  points: PointCloud,
  chosen: CylindricalGrid,
  options: VoxelizeOptions = {},
): VoxelizedScan => {
  const scan = voxelize(points, chosen, options);
  if (scan._tag === 'Left') throw new Error(JSON.stringify(scan.left));
  return scan.right;
};
const anyGrid = fc
  .tuple(
    fc.constantFrom('semantickitti' as const, 'nuscenes' as const),
    fc.constantFrom('plain' as const, 'released' as const),
    fc.constantFrom([480, 360, 32] as const, [240, 180, 20] as const, [7, 5, 3] as const, [2, 2, 2] as const),
  )
  .map(([preset, interval, shape]) => cylindricalGrid(preset, { interval, shape }));

describe('voxelize', () => {
  it('puts every point into the cell that cellOf names, voxels ascending and none empty', () => {
    fc.assert(
      fc.property(anyPointCloud(), anyGrid, (points, chosen) => {
        const { coords, voxelOfPoint } = scanOf(points, chosen);
        const linear: number[] = [];
        for (let v = 0; v < coords.length; v += 3)
          linear.push((coords[v] * chosen.shape[1] + coords[v + 1]) * chosen.shape[2] + coords[v + 2]);
        for (let v = 1; v < linear.length; v++) expect(linear[v]).toBeGreaterThan(linear[v - 1]);
        for (let n = 0; n < voxelOfPoint.length; n++) {
          const [x, y, z] = points.positions.subarray(n * 3, n * 3 + 3);
          const row = voxelOfPoint[n];
          expect(Array.from(coords.subarray(row * 3, row * 3 + 3))).toEqual(cellOf(chosen, x, y, z));
        }
        expect(new Set(voxelOfPoint).size).toBe(linear.length);
      }),
    );
  });

  it('drops what is outside, and offsets inside stay within half a cell', () => {
    fc.assert(
      fc.property(anyPointCloud(), anyGrid, (points, chosen) => {
        const result = voxelize(points, chosen, { outside: 'drop' });
        if (result._tag === 'Left') {
          expect(result.left.code).toBe('out-of-range');
          return;
        }
        const { voxelOfPoint, pointFeatures } = result.right;
        const { interval } = cellsOf(chosen);
        for (let n = 0; n < voxelOfPoint.length; n++) {
          const [x, y, z] = points.positions.subarray(n * 3, n * 3 + 3);
          const inside = cellOf(chosen, x, y, z, 'drop') !== undefined;
          expect(voxelOfPoint[n] >= 0).toBe(inside);
          for (let axis = 0; axis < 3; axis++) {
            const half = interval[axis] / 2;
            expect(Math.abs(pointFeatures[n * 9 + axis])).toBeLessThanOrEqual(half * (1 + 1e-6));
          }
          if (!inside)
            expect(Array.from(pointFeatures.subarray(n * 9, n * 9 + 9))).toEqual(new Array(9).fill(0));
        }
      }),
    );
  });

  it('has the nine features in order', () => {
    const { pointFeatures, coords } = scanOf(cloud([[3, 4, 1, 0.25]]), grid);
    // rho 5 is 48 cells of 50 / 480: cell 48 begins there. phi and z by hand.
    const phi = Math.atan2(4, 3);
    const j = Math.floor(((phi + Math.PI) / (2 * Math.PI)) * 360);
    expect(Array.from(coords)).toEqual([48, j, 26]);
    const expected = [
      5 - 48.5 * (50 / 480),
      phi - ((j + 0.5) * ((2 * Math.PI) / 360) - Math.PI),
      1 - (26.5 * (6 / 32) - 4),
      ...[5, phi, 1, 3, 4, 0.25],
    ];
    expected.forEach((value, i) => {
      expect(pointFeatures[i]).toBeCloseTo(value, 6);
    });
  });

  it('keeps the true coordinates of clamped points', () => {
    const { pointFeatures, coords } = scanOf(cloud([[100, 0, 9, 1]]), grid);
    expect(Array.from(coords)).toEqual([479, 180, 31]);
    expect(pointFeatures[3]).toBe(100);
    expect(pointFeatures[0]).toBeCloseTo(100 - (50 - 25 / 480), 4);
    expect(pointFeatures[2]).toBeCloseTo(9 - (2 - 3 / 32), 5);
  });

  it('is not changed by the order of the points', () => {
    fc.assert(
      fc.property(anyPointCloud(), (points) => {
        const count = points.intensity.length;
        const rows = Array.from({ length: count }, (_, n) => [
          ...points.positions.subarray(n * 3, n * 3 + 3),
          points.intensity[n],
        ]);
        const forward = scanOf(points, grid);
        const backward = scanOf(cloud(rows.toReversed()), grid);
        expect(backward.coords).toEqual(forward.coords);
        expect(backward.voxelOfPoint.toReversed()).toEqual(forward.voxelOfPoint);
      }),
    );
  });

  it('finds every cell of a full grid, the last bit of each word too', () => {
    const chosen = cylindricalGrid('semantickitti', { shape: [8, 8, 8] });
    const rows: number[][] = [];
    for (let i = 0; i < 8; i++)
      for (let j = 0; j < 8; j++)
        for (let k = 0; k < 8; k++) {
          const [rho, phi] = [(i + 0.5) * 6.25, ((j + 0.5) * Math.PI) / 4 - Math.PI];
          rows.push([rho * Math.cos(phi), rho * Math.sin(phi), -4 + (k + 0.5) * 0.75, 0]);
        }
    const scan = scanOf(cloud(rows), chosen);
    expect(scan.coords).toHaveLength(512 * 3);
    expect(Array.from(scan.voxelOfPoint)).toEqual(rows.map((_, n) => n));
  });

  it('refuses empty scans, uneven arrays, NaN and infinities, and scans beside the grid', () => {
    const source = { source: '000007.bin' };
    expect(voxelize(cloud([]), grid, source)).toMatchObject({
      left: { code: 'empty', source: '000007.bin' },
    });
    expect(voxelize({ positions: new Float32Array(6), intensity: new Float32Array(3) }, grid)).toMatchObject({
      left: { code: 'mismatch' },
    });
    for (const bad of [
      [Number.NaN, 0, 0, 0],
      [0, Number.POSITIVE_INFINITY, 0, 0],
      [0, 0, Number.NEGATIVE_INFINITY, 0],
      [0, 0, 0, Number.NaN],
    ])
      expect(voxelize(cloud([[1, 1, 1, 1], bad]), grid, source)).toMatchObject({
        left: { code: 'malformed', source: '000007.bin', field: 'point 1' },
      });
    const far = cloud([
      [90, 0, 0, 0],
      [0, 0, 30, 0],
    ]);
    expect(voxelize(far, grid, { outside: 'drop' })).toMatchObject({
      left: { code: 'out-of-range', found: 'all 2 points outside the grid' },
    });
    expect(scanOf(far, grid).coords).toHaveLength(6);
  });

  it('throws on a hand-made grid that is none', () => {
    expect(() => voxelize(cloud([[1, 1, 1, 1]]), { ...grid, shape: [0, 1, 1] })).toThrow(RangeError);
  });
});
