import type { CylindricalGrid, Random } from '@nerfseg/geometry';
import { type Tensor2D, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { levelIndex, marchRays, type RadianceField, type RaySamples } from '../index.js';
import { coarser, randomCells, randomRays, smallGrid } from './scene.js';

/** Samples without voxels, for fields that are given sample by sample: [t, delta] per sample and ray. */
export const plainSamples = (rays: readonly (readonly (readonly [number, number])[])[]): RaySamples => {
  const all = rays.flat();
  const rayOffsets = new Int32Array(rays.length + 1);
  rays.forEach((samples, r) => {
    rayOffsets[r + 1] = rayOffsets[r] + samples.length;
  });
  return {
    rayOffsets,
    t: Float32Array.from(all, ([t]) => t),
    delta: Float32Array.from(all, ([, delta]) => delta),
    rayCount: rays.length,
    sampleCount: all.length,
    interpolation: 'nearest',
    levels: [],
    levelRows: [],
    extras: new Float32Array(all.length * 2),
    extraSize: 2,
  };
};

/** Samples of equal length along one ray from 0. */
export const evenRay = (length: number, count: number): [number, number][] =>
  Array.from({ length: count }, (_, k) => [((k + 0.5) * length) / count, length / count]);

export const fieldOf = (
  density: readonly number[],
  logits: readonly (readonly number[])[],
): RadianceField => ({
  density: tensor1d([...density], 'float32'),
  logits: tensor2d(Float32Array.from(logits.flat()), [logits.length, logits[0]?.length ?? 4]),
});

/** A random scene of two levels with features, marched. */
export const randomScene = (
  random: Random,
  options: {
    readonly grid?: CylindricalGrid;
    readonly share?: number;
    readonly rays?: number;
    readonly samples?: number;
    readonly channels?: readonly [number, number];
    readonly interpolation?: 'nearest' | 'trilinear';
  } = {},
) => {
  const grid = options.grid ?? smallGrid({ wrapAzimuth: true });
  const base = randomCells(grid.shape, options.share ?? 0.2, random);
  const strides = [
    [1, 1, 1],
    [2, 2, 2],
  ] as const;
  const coords = strides.map((stride) => coarser(base, stride));
  const levels = strides.map((stride, l) => {
    const shape = [0, 1, 2].map((a) => Math.ceil(grid.shape[a] / stride[a])) as [number, number, number];
    return levelIndex(coords[l], grid, { stride, shape });
  });
  const rays = randomRays(options.rays ?? 5, random, 0.2, 15);
  const samples = marchRays(rays, grid, levels, {
    samples: options.samples ?? 6,
    interpolation: options.interpolation ?? 'nearest',
  });
  const channels = options.channels ?? [3, 4];
  const features = coords.map((c, l): Tensor2D => {
    const values = Float32Array.from({ length: (c.length / 3) * channels[l] }, () => random.normal());
    return tensor2d(values, [c.length / 3, channels[l]]);
  });
  return { grid, rays, samples, features, channels };
};
