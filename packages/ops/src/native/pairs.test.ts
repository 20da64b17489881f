import { beforeAll, describe, expect, it } from '@jest/globals';
import { setBackend } from '@tensorflow/tfjs-core';
import * as E from 'fp-ts/lib/Either.js';
import { concatKernelMaps } from '../kernelmap/concat-kernel-maps.js';
import { selectTaps } from '../kernelmap/select-taps.js';
import { stridedMap } from '../kernelmap/strided-map.js';
import { submanifoldMap } from '../kernelmap/submanifold-map.js';
import type { KernelMap } from '../kernels.js';
import { randomCoords, seeded } from '../testing/random-data.js';
import type { NativeAddon } from './addon.js';
import { nativeAddon } from './installed.js';
import { pairsOf } from './pairs.js';
import { registerNativeBackend } from './register.js';

/** By the definition: [tap, from, to] in order of tap and then of row. */
const naivePairs = (map: KernelMap, inverse: boolean): number[][] => {
  const table = inverse ? map.outputOf : map.inputOf;
  const rows = table.length / map.taps;
  const pairs: number[][] = [];
  for (let t = 0; t < map.taps; t++)
    for (let r = 0; r < rows; r++) {
      const from = table[r * map.taps + t];
      if (from >= 0) pairs.push([t, from, r]);
    }
  return pairs;
};

/** What a convolution reads of a list, checked block by block. */
const listedPairs = (addon: NativeAddon, map: KernelMap, inverse: boolean): number[][] => {
  const [taps, rows, , block, offsets, from, to] = pairsOf(addon, map, inverse);
  const blocks = Math.ceil(rows / block);
  const pairs: number[][] = [];
  for (let t = 0; t < taps; t++)
    for (let b = 0; b < blocks; b++)
      for (let p = offsets[t * (blocks + 1) + b]; p < offsets[t * (blocks + 1) + b + 1]; p++) {
        expect(Math.floor(to[p] / block)).toBe(b);
        pairs.push([t, from[p], to[p]]);
      }
  return pairs;
};

describe('lists of pairs', () => {
  let addon: NativeAddon | undefined;
  beforeAll(async () => {
    const engine = await registerNativeBackend();
    if (E.isLeft(engine)) console.warn(`lists of pairs: skipped, ${engine.left}`);
    else await setBackend('nerfseg-cpu');
    addon = nativeAddon();
  });

  const random = seeded(12);
  const shape = [12, 8, 9] as const;
  const scenes = [
    { density: 0.5, wrapAzimuth: true, shuffled: false },
    { density: 0.3, wrapAzimuth: false, shuffled: true },
    { density: 0, wrapAzimuth: true, shuffled: false },
    { density: 1, wrapAzimuth: true, shuffled: true },
  ];
  const coordsOf = ({ density, shuffled }: (typeof scenes)[number]): Int32Array => {
    const coords = randomCoords(random, shape, density);
    if (!shuffled) return coords;
    const rows = Array.from({ length: coords.length / 3 }, (_, v) => [...coords.subarray(v * 3, v * 3 + 3)]);
    const keyed = rows.map((row) => ({ row, key: random() })).sort((a, b) => a.key - b.key);
    return Int32Array.from(keyed.flatMap(({ row }) => row));
  };

  /** From coordinates, and the same map as tables only. */
  const check = (map: KernelMap): void => {
    if (!addon) return;
    expect(map.parts).toBeDefined();
    const { taps, inRows, outRows } = map;
    for (const inverse of [false, true]) {
      const lazy = pairsOf(addon, map, inverse);
      const found = listedPairs(addon, map, inverse);
      const { inputOf, outputOf, pairs } = map;
      expect(found).toEqual(naivePairs(map, inverse));
      expect(found.length).toBe(pairs);
      const tables = { taps, inRows, outRows, inputOf, outputOf, pairs };
      expect(listedPairs(addon, tables, inverse)).toEqual(found);
      expect(pairsOf(addon, tables, inverse)[7]).toBe(lazy[7]);
    }
  };

  it('of submanifold maps and some of their taps', () => {
    if (!addon) return;
    for (const scene of scenes) {
      const { wrapAzimuth } = scene;
      const map = submanifoldMap(coordsOf(scene), [3, 3, 3], { shape, wrapAzimuth });
      check(map);
      check(selectTaps(map, [4, 13, 22]));
      check(selectTaps(map, [3, 4, 5, 12, 13, 14, 21, 22, 23]));
      // Without its mirror image, and out of order.
      check(selectTaps(map, [26, 0, 5]));
      check(submanifoldMap(coordsOf(scene), [1, 5, 3], { shape, wrapAzimuth }));
    }
  });

  it.each([
    [
      [3, 3, 3],
      [2, 2, 2],
    ],
    [
      [3, 3, 3],
      [2, 2, 1],
    ],
    [
      [2, 3, 1],
      [3, 4, 1],
    ],
  ] as const)('of strided maps, %p by %p', (kernel, stride) => {
    if (!addon) return;
    for (const scene of scenes) {
      const { wrapAzimuth } = scene;
      const { map } = stridedMap(coordsOf(scene), kernel, stride, { shape, wrapAzimuth });
      check(map);
    }
  });

  it('of batches: rows of different scans never meet', () => {
    if (!addon) return;
    const cubes = scenes.map((scene) =>
      submanifoldMap(coordsOf(scene), [3, 3, 3], { shape, wrapAzimuth: scene.wrapAzimuth }),
    );
    check(concatKernelMaps(cubes));
    check(concatKernelMaps(cubes.map((map) => selectTaps(map, [10, 13, 16]))));
    check(selectTaps(concatKernelMaps(cubes), [9, 13, 17, 4]));
    check(selectTaps(selectTaps(concatKernelMaps(cubes), [9, 13, 17]), [2, 0]));
    check(concatKernelMaps([concatKernelMaps(cubes.slice(0, 2)), cubes[3]]));
    check(concatKernelMaps(scenes.map((s) => stridedMap(coordsOf(s), [3, 3, 3], [2, 2, 2], { shape }).map)));
  });

  it('refuses parts that are not the map', () => {
    if (!addon) return;
    const map = submanifoldMap(Int32Array.of(1, 1, 1, 2, 1, 1), [3, 3, 3], { shape });
    const native = addon;
    expect(() => pairsOf(native, { ...map, inRows: 3, outRows: 3 }, false)).toThrow('fewer rows');
    expect(() => pairsOf(native, { ...map, inRows: 1, outRows: 1 }, false)).toThrow('more rows');
    const [part] = map.parts!;
    const twice = { ...part, inCoords: Int32Array.of(1, 1, 1, 1, 1, 1) };
    expect(() => pairsOf(native, { ...map, parts: [twice] }, false)).toThrow('same voxel');
    const outside = { ...part, inCoords: Int32Array.of(1, 1, 1, 20, 1, 1) };
    expect(() => pairsOf(native, { ...map, parts: [outside] }, false)).toThrow('outside');
  });
});
