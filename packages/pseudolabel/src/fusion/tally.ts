import { normalisedEntropy } from './normalised-entropy.js';

/** What the rays or points inside each mask say together. */
export interface Tally {
  readonly numClasses: number;
  /** [M] rays inside each mask. */
  readonly rays: Int32Array;
  /** [M] rays that had a say. */
  readonly voters: Int32Array;
  /** [M*C] summed votes. */
  readonly votes: Float64Array;
}

export const emptyTally = (masks: number, numClasses: number): Tally => ({
  numClasses,
  rays: new Int32Array(masks),
  voters: new Int32Array(masks),
  votes: new Float64Array(masks * numClasses),
});

/** When a mask's votes are good enough to label it. */
export interface SegmentCriteria {
  /** Highest normalised entropy of the mask's averaged distribution (Hth in the paper). */
  readonly maxSegmentEntropy: number;
  /** Lowest share of the mask's rays that had a say. */
  readonly minCoverage: number;
  /** Fewest rays that had a say. */
  readonly minRays: number;
}

/** A mask's class: the largest vote over 1..C-1, ties to the lowest id; 0 when the criteria are not met. */
export function judgeSegment(
  tally: Tally,
  mask: number,
  criteria: SegmentCriteria,
): { readonly classId: number; readonly entropy: number; readonly coverage: number } {
  const { numClasses } = tally;
  const votes = tally.votes.subarray(mask * numClasses, (mask + 1) * numClasses);
  const voters = tally.voters[mask]!;
  const rays = tally.rays[mask]!;
  const entropy = normalisedEntropy(votes);
  const coverage = rays === 0 ? 0 : voters / rays;
  let best = 1;
  for (let c = 2; c < numClasses; c++) if (votes[c]! > votes[best]!) best = c;
  const kept =
    voters >= Math.max(1, criteria.minRays) &&
    coverage >= criteria.minCoverage &&
    entropy <= criteria.maxSegmentEntropy &&
    (votes[best] ?? 0) > 0;
  return { classId: kept ? best : 0, entropy, coverage };
}
