import type { CylindricalGrid, RayBundle } from '@nerfseg/geometry';
import { extraSize } from './extra-size.js';
import { interpolateLevel } from './interpolate-level.js';
import { type PlacementOptions, placeSamples } from './place-samples.js';
import type { RaySamples, VoxelIndex } from './types.js';

export type MarchOptions = PlacementOptions;

/**
 * Samples along rays through the sparse grid, packed: a sample is kept only where a voxel is to be read, and the space
 * beyond the occupied region is not sampled at all. A ray that meets no voxel has no samples; that is not an error.
 *
 * @param rays in the frame of the grid.
 * @param grid the base grid.
 * @param levels one index per feature level that the head reads.
 * @returns samples, ascending along each ray, with the interpolation of every level.
 */
export const marchRays = (
  rays: RayBundle,
  grid: CylindricalGrid,
  levels: readonly VoxelIndex[],
  options: MarchOptions,
): RaySamples => {
  const mode = options.interpolation ?? 'nearest';
  const placed = placeSamples(rays, grid, levels, options);
  const count = placed.t.length;
  const size = extraSize(levels.length);
  const extras = new Float32Array(count * size);
  const interpolations = levels.map((index, l) =>
    interpolateLevel(placed.positions, index, mode, extras, size, l * 4),
  );
  for (let s = 0; s < count; s++) {
    extras[s * size + size - 2] = Math.log1p(placed.rho[s]) / 4;
    extras[s * size + size - 1] = placed.z[s] / 4;
  }
  return {
    rayOffsets: placed.rayOffsets,
    t: placed.t,
    delta: placed.delta,
    rayCount: rays.origins.length / 3,
    sampleCount: count,
    interpolation: mode,
    levels: interpolations,
    levelRows: levels.map((index) => index.rows),
    extras,
    extraSize: size,
  };
};
