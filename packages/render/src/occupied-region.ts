import { type CylindricalGrid, cellsOf } from '@nerfseg/geometry';
import type { InterpolationMode, VoxelIndex } from './types.js';

/** A solid of revolution around the z axis, metres. */
export interface Region {
  readonly radius: number;
  readonly bottom: number;
  readonly top: number;
}

/** The least region that holds every voxel that can be read, within the grid; undefined when there is none. */
export const occupiedRegion = (
  grid: CylindricalGrid,
  levels: readonly VoxelIndex[],
  mode: InterpolationMode,
): Region | undefined => {
  const { min, interval } = cellsOf(grid);
  // Interpolation reaches half a cell beyond a voxel.
  const reach = mode === 'trilinear' ? 0.5 : 0;
  let outer = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const { bounds, stride, count } of levels) {
    if (count === 0) continue;
    outer = Math.max(outer, (bounds[1] + 1 + reach) * stride[0]);
    low = Math.min(low, (bounds[4] - reach) * stride[2]);
    high = Math.max(high, (bounds[5] + 1 + reach) * stride[2]);
  }
  if (!(low < high)) return undefined;
  return {
    radius: Math.min(grid.rho[1], min[0] + outer * interval[0]),
    bottom: Math.max(grid.z[0], min[2] + low * interval[2]),
    top: Math.min(grid.z[1], min[2] + high * interval[2]),
  };
};
