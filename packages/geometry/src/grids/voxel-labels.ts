import type { VoxelizedScan } from '../types.js';
import { pointsByVoxel } from './points-by-voxel.js';

export interface VoxelLabelsOptions {
  /**
   * Whether points labelled 0 (ignore) vote. Default true, as in Cylinder3D's released code, where label 0 counts
   * like any other and, as the lowest id, wins ties. With false a voxel is 0 only when all its points are: the choice
   * for sparse annotation such as ScribbleKITTI's, where 0 means "not asked".
   */
  readonly ignoreVotes?: boolean;
}

/**
 * One label per voxel: the most frequent among its points, ties to the lowest id.
 *
 * @param labels [N] class of each point, below `numClasses`; 0 = ignore.
 * @returns [V]
 * @throws RangeError when there are not as many labels as points or one is not below `numClasses`.
 */
export const voxelLabels = (
  scan: Pick<VoxelizedScan, 'coords' | 'voxelOfPoint'>,
  labels: Uint8Array,
  numClasses: number,
  options: VoxelLabelsOptions = {},
): Uint8Array => {
  const { ignoreVotes = true } = options;
  if (labels.length !== scan.voxelOfPoint.length)
    throw new RangeError(`voxelLabels: ${labels.length} labels for ${scan.voxelOfPoint.length} points`);
  const above = labels.findIndex((label) => label >= numClasses);
  if (above >= 0)
    throw new RangeError(`voxelLabels: point ${above} has label ${labels[above]} of ${numClasses} classes`);
  const voxels = scan.coords.length / 3;
  const { offsets, order } = pointsByVoxel(scan.voxelOfPoint, voxels);
  const result = new Uint8Array(voxels);
  const votes = new Int32Array(numClasses);
  for (let v = 0; v < voxels; v++) {
    const end = offsets[v + 1];
    for (let p = offsets[v]; p < end; p++) votes[labels[order[p]]]++;
    if (!ignoreVotes) votes[0] = 0;
    let best = 0;
    for (let label = 1; label < numClasses; label++) if (votes[label] > votes[best]) best = label;
    result[v] = best;
    votes.fill(0);
  }
  return result;
};
