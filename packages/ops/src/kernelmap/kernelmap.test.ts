import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { KernelMap } from '../kernels.js';
import { randomCoords, seeded } from '../testing/random-data.js';
import { concatKernelMaps } from './concat-kernel-maps.js';
import type { GridShape } from './linear-indices.js';
import { stridedMap } from './strided-map.js';
import { submanifoldMap } from './submanifold-map.js';
import { tapPairs } from './tap-pairs.js';

const key = (r: number, p: number, z: number): string => `${r},${p},${z}`;

/** By the definition, for any outputs: out * stride - padding + tap is the input. */
const bruteForce = (
  coords: Int32Array,
  outCoords: Int32Array,
  kernel: GridShape,
  stride: GridShape,
  padding: GridShape,
  wrapSize: number,
): number[] => {
  const rows = new Map<string, number>();
  for (let v = 0; v < coords.length / 3; v++)
    rows.set(key(coords[v * 3], coords[v * 3 + 1], coords[v * 3 + 2]), v);
  const table: number[] = [];
  for (let o = 0; o < outCoords.length / 3; o++) {
    for (let i = 0; i < kernel[0]; i++) {
      for (let j = 0; j < kernel[1]; j++) {
        for (let k = 0; k < kernel[2]; k++) {
          const r = outCoords[o * 3] * stride[0] - padding[0] + i;
          let p = outCoords[o * 3 + 1] * stride[1] - padding[1] + j;
          const z = outCoords[o * 3 + 2] * stride[2] - padding[2] + k;
          if (wrapSize > 0) p = ((p % wrapSize) + wrapSize) % wrapSize;
          table.push(rows.get(key(r, p, z)) ?? -1);
        }
      }
    }
  }
  return table;
};

const expectConsistent = (map: KernelMap): void => {
  expect(map.inputOf.length).toBe(map.outRows * map.taps);
  const outputOf = new Int32Array(map.inRows * map.taps).fill(-1);
  let pairs = 0;
  map.inputOf.forEach((i, n) => {
    if (i < 0) return;
    outputOf[i * map.taps + (n % map.taps)] = Math.floor(n / map.taps);
    pairs++;
  });
  expect(map.outputOf).toEqual(outputOf);
  expect(map.pairs).toBe(pairs);
  expect(tapPairs(map).offsets[map.taps]).toBe(pairs);
};

const size = fc.integer({ min: 1, max: 7 });
const scene = fc.record({
  shape: fc.tuple(size, size, size),
  seed: fc.integer(),
  density: fc.double({ min: 0, max: 1, noNaN: true }),
  wrapAzimuth: fc.boolean(),
});

describe('submanifoldMap', () => {
  it('is the definition, whatever the order of the voxels', () => {
    const odd = fc.constantFrom(1, 3, 5);
    fc.assert(
      fc.property(
        scene,
        fc.tuple(odd, odd, odd),
        fc.boolean(),
        ({ shape, seed, density, wrapAzimuth }, kernel, shuffled) => {
          const random = seeded(seed);
          let coords = randomCoords(random, shape, density);
          if (shuffled) coords = shuffleRows(coords, random);
          const map = submanifoldMap(coords, kernel, { shape, wrapAzimuth });
          const padding: GridShape = [(kernel[0] - 1) / 2, (kernel[1] - 1) / 2, (kernel[2] - 1) / 2];
          const expected = bruteForce(coords, coords, kernel, [1, 1, 1], padding, wrapAzimuth ? shape[1] : 0);
          expect([...map.inputOf]).toEqual(expected);
          expectConsistent(map);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('wraps only where asked', () => {
    const coords = Int32Array.of(0, 0, 0, 0, 7, 0);
    expect(submanifoldMap(coords, [1, 3, 1], { shape: [1, 8, 1] }).pairs).toBe(2);
    expect(submanifoldMap(coords, [1, 3, 1], { shape: [1, 8, 1], wrapAzimuth: true }).pairs).toBe(4);
  });

  it('refuses even kernels, voxels outside the grid and repeated voxels', () => {
    const shape = [4, 4, 4] as const;
    expect(() => submanifoldMap(Int32Array.of(0, 0, 0), [2, 3, 3], { shape })).toThrow('odd');
    expect(() => submanifoldMap(Int32Array.of(0, 4, 0), [1, 3, 3], { shape })).toThrow('outside');
    expect(() => submanifoldMap(Int32Array.of(1, 1, 1, 1, 1, 1), [1, 3, 3], { shape })).toThrow('twice');
  });

  it('makes the map of an empty scan', () => {
    const map = submanifoldMap(new Int32Array(0), [3, 3, 3], { shape: [4, 4, 4] });
    expect(map).toMatchObject({ taps: 27, inRows: 0, outRows: 0, pairs: 0 });
  });
});

describe('stridedMap', () => {
  it('is the definition: sorted outputs, all that any input reaches, every pair', () => {
    const kernelSize = fc.constantFrom(1, 2, 3);
    const strideSize = fc.constantFrom(1, 2, 3);
    fc.assert(
      fc.property(
        scene,
        fc.tuple(kernelSize, kernelSize, kernelSize),
        fc.tuple(strideSize, strideSize, strideSize),
        ({ shape, seed, density, wrapAzimuth }, kernel, stride) => {
          const padding: GridShape = [kernel[0] >> 1, kernel[1] >> 1, kernel[2] >> 1];
          fc.pre(!wrapAzimuth || shape[1] % stride[1] === 0);
          fc.pre(!wrapAzimuth || kernel[1] <= shape[1]);
          const coords = randomCoords(seeded(seed), shape, density);
          const result = stridedMap(coords, kernel, stride, { shape, wrapAzimuth });
          const everywhere = randomCoords(() => 0, result.shape, 1);
          const all = bruteForce(coords, everywhere, kernel, stride, padding, wrapAzimuth ? shape[1] : 0);
          const taps = kernel[0] * kernel[1] * kernel[2];
          const active: number[] = [];
          const table: number[] = [];
          for (let o = 0; o < everywhere.length / 3; o++) {
            const row = all.slice(o * taps, (o + 1) * taps);
            if (row.every((i) => i < 0)) continue;
            active.push(...everywhere.subarray(o * 3, o * 3 + 3));
            table.push(...row);
          }
          expect([...result.coords]).toEqual(active);
          expect([...result.map.inputOf]).toEqual(table);
          expectConsistent(result.map);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("has spconv's output sizes", () => {
    const sizes = (shape: GridShape, stride: GridShape) =>
      stridedMap(new Int32Array(0), [3, 3, 3], stride, { shape }).shape;
    expect(sizes([480, 360, 32], [2, 2, 2])).toEqual([240, 180, 16]);
    expect(sizes([45, 23, 5], [2, 2, 1])).toEqual([23, 12, 5]);
  });

  it('refuses an output grid that linear indices could not name', () => {
    const shape = [1290, 1290, 1290] as const;
    expect(() => stridedMap(new Int32Array(0), [2, 2, 2], [1, 1, 1], { shape, padding: [1, 1, 1] })).toThrow(
      '1291x1291x1291',
    );
  });

  it('refuses an azimuth that does not wrap evenly', () => {
    expect(() =>
      stridedMap(new Int32Array(0), [3, 3, 3], [2, 2, 2], { shape: [4, 5, 4], wrapAzimuth: true }),
    ).toThrow('multiple');
  });
});

describe('concatKernelMaps', () => {
  it('keeps scans apart', () => {
    const random = seeded(5);
    const shape = [4, 5, 3] as const;
    const maps = [0.5, 0, 0.2].map(
      (density) => stridedMap(randomCoords(random, shape, density), [3, 3, 3], [2, 2, 1], { shape }).map,
    );
    const batch = concatKernelMaps(maps);
    expectConsistent(batch);
    let outStart = 0;
    let inStart = 0;
    for (const map of maps) {
      map.inputOf.forEach((i, n) => {
        expect(batch.inputOf[outStart * 27 + n]).toBe(i < 0 ? -1 : i + inStart);
      });
      outStart += map.outRows;
      inStart += map.inRows;
    }
    expect(() => concatKernelMaps([])).toThrow('at least one');
  });
});

const shuffleRows = (coords: Int32Array, random: () => number): Int32Array => {
  const order = [...Array(coords.length / 3).keys()];
  for (let n = order.length - 1; n > 0; n--) {
    const m = Math.floor(random() * (n + 1));
    [order[n], order[m]] = [order[m], order[n]];
  }
  return Int32Array.from(order.flatMap((v) => [coords[v * 3], coords[v * 3 + 1], coords[v * 3 + 2]]));
};
