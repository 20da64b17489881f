import { describe, expect, it } from '@jest/globals';
import * as E from 'fp-ts/lib/Either.js';
import { randomFloats, seeded } from '../testing/random-data.js';
import { registerNativeBackend } from './register.js';
import { nativeVoxelize, type VoxelGrid } from './voxelize.js';

const grid: VoxelGrid = { rho: [0, 50], phi: [-Math.PI, Math.PI], z: [-4, 2], shape: [24, 18, 8] };

/** By the definition, point by point. */
const reference = (positions: Float32Array, intensity: Float32Array, drop: boolean) => {
  const rows = new Map<number, number[]>();
  const cells: number[] = [];
  const features: number[] = [];
  intensity.forEach((reflected, n) => {
    const [x, y, z] = positions.subarray(n * 3, n * 3 + 3);
    const c = [Math.sqrt(x * x + y * y), Math.atan2(y, x), z];
    const ranges = [grid.rho, grid.phi, grid.z];
    if (drop && c.some((v, a) => v < ranges[a][0] || v > ranges[a][1])) {
      cells.push(-1);
      features.push(0, 0, 0, 0, 0, 0, 0, 0, 0);
      return;
    }
    const step = ranges.map(([from, to], a) => (to - from) / grid.shape[a]);
    const index = c.map((v, a) =>
      Math.min(grid.shape[a] - 1, Math.max(0, Math.floor((v - ranges[a][0]) / step[a]))),
    );
    const cell = (index[0] * grid.shape[1] + index[1]) * grid.shape[2] + index[2];
    rows.set(cell, index);
    cells.push(cell);
    features.push(...c.map((v, a) => v - ((index[a] + 0.5) * step[a] + ranges[a][0])), ...c, x, y, reflected);
  });
  const order = [...rows.keys()].sort((a, b) => a - b);
  return {
    coords: order.flatMap((cell) => rows.get(cell)!),
    voxelOfPoint: cells.map((cell) => order.indexOf(cell)),
    features,
  };
};

describe('nativeVoxelize', () => {
  it('equals the definition', async () => {
    if (E.isLeft(await registerNativeBackend())) return;
    const random = seeded(4);
    for (const count of [0, 1, 3000]) {
      for (const outside of ['clamp', 'drop'] as const) {
        const positions = randomFloats(random, count * 3, -45, 45).map((v, i) => (i % 3 === 2 ? v / 9 : v));
        const intensity = randomFloats(random, count, 0, 1);
        const found = nativeVoxelize(positions, intensity, grid, outside)!;
        const expected = reference(positions, intensity, outside === 'drop');
        expect([...found.coords]).toEqual(expected.coords);
        expect([...found.voxelOfPoint]).toEqual(expected.voxelOfPoint);
        expected.features.forEach((value, i) => {
          expect(Math.abs(found.pointFeatures[i] - value)).toBeLessThan(1e-5);
        });
      }
    }
  });

  it('refuses points that are not finite', async () => {
    if (E.isLeft(await registerNativeBackend())) return;
    const bad = Float32Array.of(1, Number.NaN, 0);
    expect(() => nativeVoxelize(bad, new Float32Array(1), grid)).toThrow('not finite');
  });
});
