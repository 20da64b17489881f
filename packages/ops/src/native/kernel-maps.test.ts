import { beforeAll, describe, expect, it } from '@jest/globals';
import * as E from 'fp-ts/lib/Either.js';
import { portableStridedMap } from '../kernelmap/strided-map.js';
import { portableSubmanifoldMap } from '../kernelmap/submanifold-map.js';
import { randomCoords, seeded } from '../testing/random-data.js';
import { type NativeKernelMaps, nativeKernelMaps } from './kernel-maps.js';
import { registerNativeBackend } from './register.js';

describe('native kernel maps', () => {
  let maps: NativeKernelMaps | undefined;
  beforeAll(async () => {
    const engine = await registerNativeBackend();
    if (E.isLeft(engine)) console.warn(`native kernel maps: skipped, ${engine.left}`);
    maps = nativeKernelMaps();
  });

  const random = seeded(11);
  const kernels = [
    [1, 3, 3],
    [3, 1, 3],
    [3, 3, 3],
    [5, 3, 1],
  ] as const;

  it.each(kernels)('submanifold %d x %d x %d equals the portable map', (...kernelShape) => {
    for (const [density, wrapAzimuth] of [
      [0, false],
      [0.05, false],
      [0.4, true],
      [1, true],
    ] as const) {
      const shape = [9, 8, 6] as const;
      const coords = randomCoords(random, shape, density);
      if (!maps) return;
      expect(maps.submanifold(coords, kernelShape, { shape, wrapAzimuth })).toEqual(
        portableSubmanifoldMap(coords, kernelShape, { shape, wrapAzimuth }),
      );
    }
  });

  it.each([
    [[3, 3, 3], [2, 2, 2], false],
    [[3, 3, 3], [2, 2, 1], true],
    [[2, 2, 2], [2, 2, 2], false],
    [[3, 1, 3], [3, 4, 1], true],
  ] as const)('strided %p by %p (wrap %p) equals the portable map', (kernelShape, stride, wrapAzimuth) => {
    for (const density of [0, 0.1, 0.7]) {
      const shape = [9, 8, 6] as const;
      const coords = randomCoords(random, shape, density);
      const padding = [1, kernelShape[1] >> 1, 1] as const;
      if (!maps) return;
      const found = maps.strided(coords, kernelShape, stride, { shape, padding, wrapAzimuth });
      const settings = { shape, padding, wrapAzimuth, outShape: found.shape };
      expect(found).toEqual(portableStridedMap(coords, kernelShape, stride, settings));
    }
  });

  it('takes voxels in any order, and grids too large for a bitmap', () => {
    const shape = [4096, 4096, 64] as const;
    const coords = Int32Array.from([7, 7, 7, 4000, 1, 2, 7, 8, 7, 4000, 1, 1, 0, 0, 0, 7, 7, 8]);
    if (!maps) return;
    expect(maps.submanifold(coords, [3, 3, 3], { shape })).toEqual(
      portableSubmanifoldMap(coords, [3, 3, 3], { shape }),
    );
    const small = { shape: [4096, 16, 16] as const };
    expect(maps.submanifold(coords, [3, 3, 3], small)).toEqual(
      portableSubmanifoldMap(coords, [3, 3, 3], small),
    );
  });

  it('refuses a voxel outside the grid and one that occurs twice', () => {
    if (!maps) return;
    const shape = [4, 4, 4] as const;
    const builders = maps;
    expect(() => builders.submanifold(Int32Array.of(0, 4, 0), [1, 1, 1], { shape })).toThrow('outside');
    expect(() => builders.submanifold(Int32Array.of(1, 1, 1, 1, 1, 1), [1, 1, 1], { shape })).toThrow('same');
  });
});
