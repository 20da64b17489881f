import { describe, expect, it } from '@jest/globals';
import { type CylindricalGrid, cellOf, cellsOf, createRandom, type Random } from '@nerfseg/geometry';
import fc from 'fast-check';
import { levelIndex, type MarchOptions, marchRays, type RaySamples, type VoxelIndex } from './index.js';
import { interpolateLevel } from './interpolate-level.js';
import { rowOfCell } from './row-of-cell.js';
import { coarser, randomCells, randomRays, smallGrid } from './testing/scene.js';

const STRIDES = [
  [1, 1, 1],
  [2, 2, 2],
  [4, 4, 2],
] as const;

const shapeOf = (grid: CylindricalGrid, stride: readonly [number, number, number]) =>
  [0, 1, 2].map((a) => Math.ceil(grid.shape[a] / stride[a])) as [number, number, number];

const scene = (grid: CylindricalGrid, share: number, random: Random) => {
  const base = randomCells(grid.shape, share, random);
  const coords = STRIDES.map((stride) => coarser(base, stride));
  const levels = STRIDES.map((stride, l) =>
    levelIndex(coords[l], grid, { stride, shape: shapeOf(grid, stride) }),
  );
  return { coords, levels };
};

const rowMap = (coords: Int32Array): Map<string, number> => {
  const rows = new Map<string, number>();
  for (let v = 0; v < coords.length / 3; v++) rows.set(coords.subarray(v * 3, v * 3 + 3).join(), v);
  return rows;
};

describe('levelIndex', () => {
  it('finds every voxel and nothing else', () => {
    const random = createRandom(1);
    const grid = smallGrid();
    for (const share of [0, 0.02, 0.5, 1]) {
      const coords = randomCells(grid.shape, share, random);
      const index = levelIndex(coords, grid, { stride: [1, 1, 1], shape: grid.shape });
      const rows = rowMap(coords);
      for (let c = 0; c < 16 * 12 * 6; c++) {
        const key = [Math.floor(c / 72), Math.floor(c / 6) % 12, c % 6].join();
        expect(rowOfCell(index, c)).toBe(rows.get(key) ?? -1);
      }
    }
  });

  it('indexes one scan of a batch by its rows', () => {
    const grid = smallGrid();
    const coords = Int32Array.of(1, 1, 1, 5, 5, 5, 1, 1, 1);
    const level = { stride: [1, 1, 1] as const, shape: grid.shape };
    const index = levelIndex(coords, grid, level, [1, 3]);
    expect(rowOfCell(index, (1 * 12 + 1) * 6 + 1)).toBe(2);
    expect(index.rows).toBe(3);
    expect(() => levelIndex(coords, grid, level)).toThrow(/twice/);
    expect(() => levelIndex(Int32Array.of(16, 0, 0), grid, level)).toThrow(RangeError);
    expect(() => levelIndex(coords, grid, { ...level, shape: [8, 12, 6] })).toThrow(/cover/);
    // Beyond the grid there may be cells, but for those of a ring: they would part the seam.
    const wide = { ...level, shape: [17, 13, 7] as const };
    expect(levelIndex(coords, grid, wide, [1, 3]).count).toBe(2);
    expect(() => levelIndex(coords, { ...grid, wrapAzimuth: true }, wide, [1, 3])).toThrow(/ring/);
  });
});

/** Everything a set of samples promises, checked from t alone. */
const checkSamples = (
  samples: RaySamples,
  rays: ReturnType<typeof randomRays>,
  grid: CylindricalGrid,
  coords: readonly Int32Array[],
  most: number,
) => {
  const { min, interval } = cellsOf(grid);
  const maps = coords.map(rowMap);
  for (let r = 0; r < samples.rayCount; r++) {
    const [first, last] = [samples.rayOffsets[r], samples.rayOffsets[r + 1]];
    expect(last - first).toBeLessThanOrEqual(most);
    let total = 0;
    for (let s = first; s < last; s++) {
      const t = samples.t[s];
      total += samples.delta[s];
      expect(samples.delta[s]).toBeGreaterThan(0);
      expect(t).toBeGreaterThanOrEqual(rays.near);
      expect(t).toBeLessThanOrEqual(rays.far);
      if (s > first) expect(t).toBeGreaterThan(samples.t[s - 1]);
      const [x, y, z] = [0, 1, 2].map((a) => rays.origins[r * 3 + a] + t * rays.directions[r * 3 + a]);
      const cell = cellOf(grid, x, y, z);
      const exact = [Math.hypot(x, y), Math.atan2(y, x), z].map((c, a) => (c - min[a]) / interval[a]);
      let touched = 0;
      STRIDES.forEach((stride, l) => {
        const inLevel = cell.map((c, a) => Math.floor(c / stride[a]));
        const { corners, indices } = samples.levels[l];
        const row = maps[l].get(inLevel.join()) ?? -1;
        if (corners === 1) expect(indices[s]).toBe(row);
        else if (row >= 0) expect(indices.subarray(s * 8, s * 8 + 8)).toContain(row);
        for (let c = 0; c < corners; c++) if (indices[s * corners + c] >= 0) touched++;
        const e = s * samples.extraSize + l * 4;
        for (let a = 0; a < 3; a++)
          expect(samples.extras[e + a]).toBeCloseTo(exact[a] / stride[a] - inLevel[a] - 0.5, 4);
      });
      expect(touched).toBeGreaterThan(0);
      const e = (s + 1) * samples.extraSize;
      expect(samples.extras[e - 2]).toBeCloseTo(Math.log(1 + Math.hypot(x, y)) / 4, 5);
      expect(samples.extras[e - 1]).toBeCloseTo(z / 4, 5);
    }
    expect(total).toBeLessThanOrEqual(rays.far - rays.near + 1e-4);
  }
};

describe('marchRays', () => {
  it('puts samples into the voxels they claim, ascending, within the limits (random scenes)', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer(),
          share: fc.constantFrom(0, 0.01, 0.1, 0.6),
          wrapAzimuth: fc.boolean(),
          innermost: fc.constantFrom(0, 2),
          samples: fc.integer({ min: 1, max: 12 }),
          bins: fc.integer({ min: 1, max: 60 }),
          interpolation: fc.constantFrom('nearest' as const, 'trilinear' as const),
          spacing: fc.constantFrom('uniform' as const, 'linear' as const),
          finestFirst: fc.boolean(),
          jittered: fc.boolean(),
        }),
        ({ seed, share, wrapAzimuth, innermost, jittered, ...options }) => {
          const random = createRandom(seed);
          const grid = smallGrid({ wrapAzimuth, rho: [innermost, 12] });
          const { coords, levels } = scene(grid, share, random);
          const rays = randomRays(6, random, 0.2, 14);
          const march: MarchOptions = jittered ? { ...options, jitter: random } : options;
          checkSamples(marchRays(rays, grid, levels, march), rays, grid, coords, options.samples);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('covers a full grid: deltas sum to the stretch of ray within it', () => {
    const grid = smallGrid();
    const random = createRandom(2);
    const { levels } = scene(grid, 1, random);
    const rays = {
      origins: new Float32Array(6),
      directions: Float32Array.of(1, 0, 0, 0, 0, 1),
      pixels: new Int32Array(4).fill(-1),
      near: 0.5,
      far: 50,
    };
    for (const spacing of ['uniform', 'linear'] as const) {
      for (const bins of [8, 50]) {
        const s = marchRays(rays, grid, levels, { samples: 8, bins, spacing });
        const sum = (r: number) =>
          s.delta.subarray(s.rayOffsets[r], s.rayOffsets[r + 1]).reduce((a, b) => a + b, 0);
        expect(sum(0)).toBeCloseTo(11.5, 4);
        expect(sum(1)).toBeCloseTo(1.5, 4);
      }
    }
    const ended = marchRays(rays, grid, levels, { samples: 8, end: Float32Array.of(3, 0.1) });
    expect(ended.delta.reduce((a, b) => a + b, 0)).toBeCloseTo(2.5, 4);
    expect(ended.rayOffsets[2]).toBe(ended.rayOffsets[1]);
  });

  it('samples straight behind, where rounding may put pi beyond the last azimuth cell', () => {
    // 2 pi / (2 pi / 61) is more than 61.
    for (const cells of [60, 61])
      for (const wrapAzimuth of [true, false])
        for (const phi of [Math.PI, Math.PI - 1e-7]) {
          const grid = smallGrid({ wrapAzimuth, phi: [-phi, phi], shape: [16, cells, 6] });
          const coords = Int32Array.of(12, cells - 1, 3, 13, cells - 1, 3);
          const index = levelIndex(coords, grid, { stride: [1, 1, 1], shape: grid.shape });
          const rays = {
            origins: new Float32Array(3),
            directions: Float32Array.of(-1, 0, 0),
            pixels: Int32Array.of(-1, -1),
            near: 0.5,
            far: 50,
          };
          for (const interpolation of ['nearest', 'trilinear'] as const) {
            const samples = marchRays(rays, grid, [index], { samples: 8, bins: 64, interpolation });
            expect(samples.sampleCount).toBe(8);
            expect([...samples.levels[0].indices].filter((row) => row >= 0).length).toBeGreaterThanOrEqual(8);
          }
        }
  });

  it('spends its samples where the voxels are', () => {
    const grid = smallGrid({ wrapAzimuth: true });
    // A wall two cells thick at 9 m to 10.5 m ahead.
    const wall = Int32Array.of(12, 6, 3, 13, 6, 3);
    const index = levelIndex(wall, grid, { stride: [1, 1, 1], shape: grid.shape });
    const rays = {
      origins: new Float32Array(3),
      directions: Float32Array.of(1 / Math.sqrt(1.0001), 0.01 / Math.sqrt(1.0001), 0),
      pixels: Int32Array.of(0, 0),
      near: 0.5,
      far: 50,
    };
    const samples = marchRays(rays, grid, [index], { samples: 16, bins: 256, spacing: 'uniform' });
    expect(samples.sampleCount).toBe(16);
    expect(Math.min(...samples.t)).toBeGreaterThanOrEqual(9 - 1e-5);
    expect(Math.max(...samples.t)).toBeLessThanOrEqual(10.51);
    expect(samples.delta.reduce((a, b) => a + b, 0)).toBeCloseTo(1.5, 1);
  });

  it('samples the finest voxels first, and keeps a quarter for what coarser levels alone fill', () => {
    const grid = smallGrid();
    const random = createRandom(6);
    const { levels } = scene(grid, 0.05, random);
    const rays = randomRays(200, random);
    // As many samples as bins: every occupied bin by itself.
    const all = marchRays(rays, grid, levels, { samples: 64, bins: 64 });
    const few = marchRays(rays, grid, levels, { samples: 8, bins: 64 });
    const counts = ({ rayOffsets, levels: [level] }: RaySamples, r: number) => {
      const rows = level.indices.subarray(rayOffsets[r], rayOffsets[r + 1]);
      const fine = rows.filter((row) => row >= 0).length;
      return { fine, rest: rows.length - fine };
    };
    const length = (s: RaySamples, r: number, fine: boolean): number => {
      let sum = 0;
      for (let k = s.rayOffsets[r]; k < s.rayOffsets[r + 1]; k++)
        if (s.levels[0].indices[k] >= 0 === fine) sum += s.delta[k];
      return sum;
    };
    // Spread evenly, fine samples are as rare as fine bins.
    const even = marchRays(rays, grid, levels, { samples: 8, bins: 64, finestFirst: false });
    const fineOf = (s: RaySamples): number => s.levels[0].indices.filter((row) => row >= 0).length;
    expect(fineOf(even) / even.sampleCount).toBeLessThan(0.7 * (fineOf(few) / few.sampleCount));
    let crowded = 0;
    for (let r = 0; r < 200; r++) {
      const has = counts(all, r);
      const rest = Math.min(has.rest, Math.max(8 - has.fine, 2));
      expect(counts(few, r)).toEqual({ fine: Math.min(has.fine, 8 - rest), rest });
      if (has.fine > 6 && has.rest > 2) crowded++;
      // Samples stand for bins of their own kind: neither kind's stretch of the ray grows.
      for (const fine of [true, false]) expect(length(few, r, fine)).toBeCloseTo(length(all, r, fine), 3);
    }
    expect(crowded).toBeGreaterThan(0);
  });

  it('lets some levels decide where to sample', () => {
    const grid = smallGrid();
    const { levels } = scene(grid, 0.02, createRandom(4));
    const rays = randomRays(20, createRandom(5));
    const fine = marchRays(rays, grid, levels, { samples: 32, occupancyLevels: [0] });
    expect(fine.levels[0].indices.every((row) => row >= 0)).toBe(true);
    expect(fine.sampleCount).toBeLessThan(marchRays(rays, grid, levels, { samples: 32 }).sampleCount);
  });

  it('takes no rays, no voxels and no levels', () => {
    const grid = smallGrid();
    const empty = levelIndex(new Int32Array(0), grid, { stride: [1, 1, 1], shape: grid.shape });
    expect(marchRays(randomRays(0, createRandom(1)), grid, [empty], { samples: 4 }).sampleCount).toBe(0);
    for (const levels of [[empty], []]) {
      const none = marchRays(randomRays(3, createRandom(1)), grid, levels, { samples: 4 });
      expect([none.rayCount, none.sampleCount, ...none.rayOffsets]).toEqual([3, 0, 0, 0, 0, 0]);
    }
    expect(() => marchRays(randomRays(1, createRandom(1)), grid, [empty], { samples: 0 })).toThrow();
  });
});

describe('trilinear interpolation', () => {
  const value = (index: VoxelIndex, coords: Int32Array, samples: RaySamples, l: number, s: number) => {
    const { indices, weights } = samples.levels[l];
    let sum = 0;
    let total = 0;
    for (let c = s * 8; c < s * 8 + 8; c++) {
      total += weights[c];
      if (indices[c] < 0) continue;
      const v = indices[c] * 3;
      // A function linear in the cell's position along the three axes.
      sum += weights[c] * (coords[v] - 2 * coords[v + 1] + 0.5 * coords[v + 2]) * index.stride[0];
    }
    return { sum, total };
  };

  it('reproduces linear functions where every neighbour is there, and never weighs more than 1', () => {
    for (const share of [1, 0.3]) {
      const random = createRandom(8);
      const grid = smallGrid();
      const { coords, levels } = scene(grid, share, random);
      const rays = randomRays(40, random);
      const samples = marchRays(rays, grid, levels, {
        samples: 16,
        interpolation: 'trilinear',
        jitter: random,
      });
      let checked = 0;
      for (let s = 0; s < samples.sampleCount; s++) {
        levels.forEach((index, l) => {
          const { sum, total } = value(index, coords[l], samples, l, s);
          expect(total).toBeLessThanOrEqual(1 + 1e-6);
          expect(samples.extras[s * samples.extraSize + l * 4 + 3]).toBeCloseTo(total, 6);
          if (total < 1 - 1e-6) return;
          const e = s * samples.extraSize + l * 4;
          const r = samples.rayOffsets.findIndex((offset) => offset > s) - 1;
          const p = [0, 1, 2].map((a) => rays.origins[r * 3 + a] + samples.t[s] * rays.directions[r * 3 + a]);
          const cell = cellOf(grid, p[0], p[1], p[2]).map((c, a) => Math.floor(c / index.stride[a]));
          const q = cell.map((c, a) => c + samples.extras[e + a]);
          expect(sum).toBeCloseTo((q[0] - 2 * q[1] + 0.5 * q[2]) * index.stride[0], 3);
          checked++;
        });
      }
      expect(checked).toBeGreaterThan(share === 1 ? 100 : 0);
    }
  });

  it('goes evenly over the seam of a ring that the stride does not divide', () => {
    // 18 base cells in cells of 4: the fifth is half as wide.
    const grid = smallGrid({ wrapAzimuth: true, shape: [4, 18, 4] });
    const level = { stride: [1, 4, 1] as const, shape: [4, 5, 4] as const };
    const coords = randomCells(level.shape, 1, createRandom(9));
    const all = levelIndex(coords, grid, level);
    const positions = Float64Array.from(
      Array.from({ length: 1800 }, (_, i) => [1.5, (i + 0.5) / 100, 1.5]).flat(),
    );
    const extras = new Float32Array(1800 * 4);
    const { indices, weights } = interpolateLevel(positions, all, 'trilinear', extras, 4, 0);
    const shares = Array.from({ length: 1800 }, (_, s) => {
      const share = new Float64Array(5);
      for (let k = s * 8; k < s * 8 + 8; k++) share[coords[indices[k] * 3 + 1]] += weights[k];
      return share;
    });
    for (const [s, share] of shares.entries()) {
      expect(share.reduce((sum, w) => sum + w)).toBeCloseTo(1, 5);
      // From one hundredth of a base cell to the next, over the seam, too, no cell's share jumps.
      const next = shares[(s + 1) % 1800];
      for (let cell = 0; cell < 5; cell++) expect(Math.abs(next[cell] - share[cell])).toBeLessThan(0.004);
    }
    // The narrow cell has all the weight at its centre, and none beyond its neighbours' centres.
    expect(shares[1700][4]).toBeGreaterThan(0.99);
    expect([shares[1390][4], shares[210][4]]).toEqual([0, 0]);
  });

  it('joins the first and last azimuth cells where the grid wraps', () => {
    const rays = {
      origins: Float32Array.of(-5, -1, 0.1),
      directions: Float32Array.of(0, 1, 0),
      pixels: Int32Array.of(-1, -1),
      near: 0.01,
      far: 2,
    };
    for (const wrapAzimuth of [true, false]) {
      const grid = smallGrid({ wrapAzimuth });
      const coords = randomCells(grid.shape, 1, createRandom(9));
      const index = levelIndex(coords, grid, { stride: [1, 1, 1], shape: grid.shape });
      const samples = marchRays(rays, grid, [index], { samples: 20, interpolation: 'trilinear' });
      const covered = Array.from({ length: samples.sampleCount }, (_, s) => samples.extras[s * 6 + 3]);
      expect(covered.every((c) => Math.abs(c - 1) < 1e-6)).toBe(wrapAzimuth);
    }
    // One voxel beyond the seam is seen from this side of it.
    const grid = smallGrid({ wrapAzimuth: true });
    const index = levelIndex(Int32Array.of(6, 0, 3, 7, 0, 3), grid, { stride: [1, 1, 1], shape: grid.shape });
    const samples = marchRays(rays, grid, [index], { samples: 40, interpolation: 'trilinear' });
    const beyond = Array.from(samples.t).filter((t) => -1 + t > 0.05);
    expect(beyond.length).toBeGreaterThan(0);
  });
});
