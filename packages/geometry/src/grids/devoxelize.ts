import type { VoxelizedScan } from '../types.js';

/**
 * Gives every point its voxel's value; points outside the grid that were dropped get 0 (ignore).
 *
 * @param perVoxel [V], classes for example.
 * @returns [N]
 * @throws RangeError when there are not as many values as voxels.
 */
export const devoxelize = (
  scan: Pick<VoxelizedScan, 'coords' | 'voxelOfPoint'>,
  perVoxel: Uint8Array,
): Uint8Array => {
  if (perVoxel.length * 3 !== scan.coords.length)
    throw new RangeError(`devoxelize: ${perVoxel.length} values for ${scan.coords.length / 3} voxels`);
  const { voxelOfPoint } = scan;
  const perPoint = new Uint8Array(voxelOfPoint.length);
  for (let n = 0; n < perPoint.length; n++) if (voxelOfPoint[n] >= 0) perPoint[n] = perVoxel[voxelOfPoint[n]];
  return perPoint;
};
