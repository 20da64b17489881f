import { azimuthFromCentres } from './azimuth-from-centres.js';
import { isOccupied } from './row-of-cell.js';
import type { VoxelIndex } from './types.js';

/** Whether the cell that holds a position (in base cells, inside the grid) has a voxel. */
export const liesInVoxel = (index: VoxelIndex, rho: number, phi: number, z: number): boolean => {
  const { shape, stride } = index;
  // Positions are not negative: | 0 is floor.
  const i = Math.min((rho / stride[0]) | 0, shape[0] - 1);
  const j = Math.min((phi / stride[1]) | 0, shape[1] - 1);
  const k = Math.min((z / stride[2]) | 0, shape[2] - 1);
  return isOccupied(index, (i * shape[1] + j) * shape[2] + k);
};

/** Whether any of the eight cells whose centres surround a position (in base cells) has a voxel. */
export const isNearVoxel = (index: VoxelIndex, rho: number, phi: number, z: number): boolean => {
  const { shape, stride, wrapAzimuth } = index;
  const i0 = Math.floor(rho / stride[0] - 0.5);
  const j0 = Math.floor(azimuthFromCentres(index, phi / stride[1]));
  const k0 = Math.floor(z / stride[2] - 0.5);
  for (let i = i0; i <= i0 + 1; i++) {
    if (i < 0 || i >= shape[0]) continue;
    for (let j = j0; j <= j0 + 1; j++) {
      const column = j >= 0 && j < shape[1] ? j : wrapAzimuth ? (j + shape[1]) % shape[1] : -1;
      if (column < 0) continue;
      const base = (i * shape[1] + column) * shape[2];
      if (k0 >= 0 && isOccupied(index, base + k0)) return true;
      if (k0 + 1 < shape[2] && isOccupied(index, base + k0 + 1)) return true;
    }
  }
  return false;
};
