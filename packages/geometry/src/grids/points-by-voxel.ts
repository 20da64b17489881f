/** Points grouped by voxel: those of voxel v are `order[offsets[v] .. offsets[v + 1])`, ascending. */
export interface PointsByVoxel {
  /** [V+1] */
  readonly offsets: Int32Array;
  /** Point indices; dropped points are in none. */
  readonly order: Int32Array;
}

/**
 * Groups points by their voxel (a stable counting sort).
 *
 * @param voxelOfPoint [N] voxel row, or -1 for a dropped point.
 * @param voxels V, above every row.
 */
export const pointsByVoxel = (voxelOfPoint: Int32Array, voxels: number): PointsByVoxel => {
  const offsets = new Int32Array(voxels + 1);
  for (let n = 0; n < voxelOfPoint.length; n++) if (voxelOfPoint[n] >= 0) offsets[voxelOfPoint[n] + 1]++;
  for (let v = 0; v < voxels; v++) offsets[v + 1] += offsets[v];
  const order = new Int32Array(offsets[voxels]);
  const next = offsets.slice(0, voxels);
  for (let n = 0; n < voxelOfPoint.length; n++) if (voxelOfPoint[n] >= 0) order[next[voxelOfPoint[n]]++] = n;
  return { offsets, order };
};
