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
 * @throws RangeError when there are not as many labels as points, or one is not below `numClasses`.
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
  // Most voxels hold one class: theirs is counted beside it, and only where a second one turns up do votes get a row.
  const [seen, rows] = [scratch(voxels * 2), newVotes(numClasses)];
  for (let n = 0; n < labels.length; n++) {
    const label = labels[n];
    if (label >= numClasses)
      throw new RangeError(`voxelLabels: point ${n} has label ${label} of ${numClasses} classes`);
    const voxel = voxelOfPoint[n];
    if (voxel < 0 || label < first) continue;
    const v = voxel * 2;
    const count = seen[v + 1];
    if (count === 0) seen[v] = label;
    else if (seen[v] !== label) {
      if (seen[v] >= 0) seen[v] = ~rows.begin(seen[v], count);
      rows.votes()[~seen[v] + label]++;
    }
    seen[v + 1] = count + 1;
  }
  const votes = rows.votes();
  const result = arrays.uint8(voxels);
  for (let v = 0; v < voxels; v++)
    result[v] = seen[v * 2] < 0 ? winner(votes, ~seen[v * 2], numClasses) : seen[v * 2];
  return result;
};

let keptScratch = new Int32Array(0);

/** Zeros for the time of one call: scans come one after another, and new memory costs more than clearing this. */
const scratch = (length: number): Int32Array => {
  if (keptScratch.length < length) keptScratch = new Int32Array(Math.ceil(length * 1.25));
  return keptScratch.subarray(0, length).fill(0);
};

let keptVotes = new Uint32Array(0);

/** Votes by class, a row for each contested voxel. */
const newVotes = (numClasses: number) => {
  let used = 0;
  return {
    votes: (): Uint32Array => keptVotes,
    /** A new row, where one class has votes already; gives where it begins. */
    begin: (label: number, count: number): number => {
      const at = used;
      used += numClasses;
      if (used > keptVotes.length) {
        const larger = new Uint32Array(used * 2);
        larger.set(keptVotes.subarray(0, at));
        keptVotes = larger;
      }
      keptVotes.fill(0, at, used);
      keptVotes[at + label] = count;
      return at;
    },
  };
};

/** The class of most votes, the lowest of several. */
const winner = (votes: Uint32Array, at: number, numClasses: number): number => {
  let best = 0;
  for (let label = 1; label < numClasses; label++) if (votes[at + label] > votes[at + best]) best = label;
  return best;
};
