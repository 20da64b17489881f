import type { PseudoLabels, Random, SegmentMasks } from '@nerfseg/geometry';
import { segmentsAtPixels } from '../masks/segments-at-pixels.js';
import type { MaskPriority } from '../masks/to-label-map.js';
import { labelRays, type RayWeighting } from './label-rays.js';
import { emptyTally, type SegmentCriteria } from './tally.js';

/** LiDAR points in a picture, as geometry's `projectPoints` returns them. */
export interface ProjectedPoints {
  /** [N] pixels. */
  readonly u: ArrayLike<number>;
  readonly v: ArrayLike<number>;
  /** [N] 0 where a point is behind the camera, outside of the picture, or hidden (see geometry's `zBufferVisibility`); default: all are visible. */
  readonly visible?: ArrayLike<number>;
}

export interface FuseProjectionOptions extends Partial<SegmentCriteria>, RayWeighting {
  /** Number of classes C, ignore included. */
  readonly numClasses: number;
  /** At most so many points of a segment are supervised, so that large segments do not drown small ones; default 24. */
  readonly maxPointsPerSegment?: number;
  /** Chooses those points; left out, they are taken evenly in the points' order. */
  readonly random?: Random;
  /** [N] normalised entropy of each point's label; points above `confidentEntropy` do not vote. */
  readonly entropy?: ArrayLike<number>;
  /** Default 0.35. */
  readonly confidentEntropy?: number;
  /** [C] what a vote for each class counts; default 1. Larger for rare classes, whose few points lose a plain vote. */
  readonly voteWeights?: ArrayLike<number>;
  readonly priority?: MaskPriority;
}

/**
 * The perspective-projection baseline: LiDAR points are projected into the picture, their (predicted or true) labels
 * vote inside every mask, and the points get the winner as pseudo-label (ties to the lowest id). Parallax between the
 * sensors puts hidden points onto what hides them, unless `visible` says so.
 *
 * A segment is kept when the entropy of its votes is at most `maxSegmentEntropy` (default 0.5), at least `minRays`
 * (default 2) points voted and these are at least `minCoverage` (default 0) of its points.
 *
 * @param labels [N] 0 does not vote.
 * @returns as `fuseSemantics`, with the N points in place of rays.
 * @throws RangeError when the arrays' lengths differ (what is by class: from `numClasses`) or a label is none of the classes'.
 */
export function fuseProjection(
  masks: SegmentMasks,
  { u, v, visible }: ProjectedPoints,
  labels: ArrayLike<number>,
  options: FuseProjectionOptions,
): PseudoLabels {
  const { numClasses, entropy, confidentEntropy = 0.35, voteWeights } = options;
  const { maxSegmentEntropy = 0.5, minCoverage = 0, minRays = 2 } = options;
  const numPoints = labels.length;
  for (const [name, array] of Object.entries({ u, v, visible, entropy }))
    if (array !== undefined && array.length !== numPoints)
      throw new RangeError(`fuseProjection: ${numPoints} labels, but ${array.length} of ${name}`);
  if (voteWeights !== undefined && voteWeights.length !== numClasses)
    throw new RangeError(`fuseProjection: ${voteWeights.length} voteWeights, ${numClasses} classes`);
  const pixels = new Int32Array(numPoints * 2).fill(-1);
  for (let i = 0; i < numPoints; i++) {
    if (visible !== undefined && visible[i] === 0) continue;
    // NaN becomes 0 in an Int32Array, hence the comparison.
    if (!(u[i]! >= 0 && v[i]! >= 0 && u[i]! < masks.width && v[i]! < masks.height)) continue;
    pixels[2 * i] = Math.floor(u[i]!);
    pixels[2 * i + 1] = Math.floor(v[i]!);
  }
  const segmentOfPoint = segmentsAtPixels(masks, pixels, options.priority);
  const tally = emptyTally(masks.masks.length, numClasses);
  for (let i = 0; i < numPoints; i++) {
    const label = labels[i]!;
    if (!(label >= 0 && label < numClasses))
      throw new RangeError(`fuseProjection: label ${label} of ${numClasses} classes`);
    const m = segmentOfPoint[i]!;
    if (m < 0) continue;
    tally.rays[m]!++;
    if (label === 0 || (entropy !== undefined && !(entropy[i]! <= confidentEntropy))) continue;
    tally.voters[m]!++;
    tally.votes[m * numClasses + label]! += voteWeights === undefined ? 1 : voteWeights[label]!;
  }
  const supervised = choosePoints(segmentOfPoint, tally.rays, options);
  return labelRays(segmentOfPoint, tally, { maxSegmentEntropy, minCoverage, minRays }, options, supervised);
}

/** 1 for the points that may be supervised: all of a small segment, `maxPointsPerSegment` of a large one. */
function choosePoints(
  segmentOfPoint: Int32Array,
  counts: Int32Array,
  { maxPointsPerSegment: limit = 24, random }: FuseProjectionOptions,
): Uint8Array {
  const chosen = new Uint8Array(segmentOfPoint.length);
  // One point out of every stretch of count / limit: spread over the segment, and without repetition.
  const offset = Float64Array.from(counts, () => random?.next() ?? 0.5);
  const seen = new Int32Array(counts.length);
  for (let i = 0; i < segmentOfPoint.length; i++) {
    const m = segmentOfPoint[i]!;
    if (m < 0) continue;
    const [k, n] = [seen[m]!++, counts[m]!];
    const shift = offset[m]!;
    if (n <= limit || Math.floor((k * limit) / n + shift) !== Math.floor(((k + 1) * limit) / n + shift))
      chosen[i] = 1;
  }
  return chosen;
}
