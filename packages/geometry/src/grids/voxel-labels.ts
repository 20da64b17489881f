import { type ArrayAllocator, freshArrays } from '../arrays.js';
import type { VoxelizedScan } from '../types.js';

export interface VoxelLabelsOptions {
  /**
   * Whether points labelled 0 (ignore) vote. Default true, as in Cylinder3D's released code, where label 0 counts
   * like any other and, as the lowest id, wins ties. With false a voxel is 0 only when all its points are: the choice
   * for sparse annotation such as ScribbleKITTI's, where 0 means "not asked".
   */
  readonly ignoreVotes?: boolean;
  /** Where the result comes from. Default: a new array. */
  readonly arrays?: ArrayAllocator;
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
  const { ignoreVotes = true, arrays = freshArrays } = options;
  const { voxelOfPoint } = scan;
  if (labels.length !== voxelOfPoint.length)
    throw new RangeError(`voxelLabels: ${labels.length} labels for ${voxelOfPoint.length} points`);
  const first = ignoreVotes ? 0 : 1;
  const voxels = scan.coords.length / 3;
  const result = arrays.uint8(voxels).fill(0);
  // Most voxels hold one class: only where a second one turns up are votes counted, in a second pass.
  const rowOfVoxel = new Int32Array(voxels).fill(unvoted);
  let contested = 0;
  for (let n = 0; n < labels.length; n++) {
    const label = labels[n];
    if (label >= numClasses)
      throw new RangeError(`voxelLabels: point ${n} has label ${label} of ${numClasses} classes`);
    const voxel = voxelOfPoint[n];
    if (voxel < 0 || label < first) continue;
    if (rowOfVoxel[voxel] === unvoted) {
      result[voxel] = label;
      rowOfVoxel[voxel] = agreed;
    } else if (result[voxel] !== label && rowOfVoxel[voxel] === agreed) rowOfVoxel[voxel] = contested++;
  }
  const votes = new Uint32Array(contested * numClasses);
  for (let n = 0; n < labels.length; n++) {
    const row = voxelOfPoint[n] < 0 ? -1 : rowOfVoxel[voxelOfPoint[n]];
    if (row >= 0 && labels[n] >= first) votes[row * numClasses + labels[n]]++;
  }
  for (let v = 0; v < voxels; v++)
    if (rowOfVoxel[v] >= 0) result[v] = winner(votes, rowOfVoxel[v] * numClasses, numClasses);
  return result;
};

/** In place of a row of votes: no point of the voxel has voted, or all that did agree. */
const unvoted = -2;
const agreed = -1;

/** The class of most votes, the lowest of several. */
const winner = (votes: Uint32Array, at: number, numClasses: number): number => {
  let best = 0;
  for (let label = 1; label < numClasses; label++) if (votes[at + label] > votes[at + best]) best = label;
  return best;
};
