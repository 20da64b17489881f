import type { FusedSegment } from '@nerfseg/geometry';
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
  /** Highest normalised entropy of the mask's averaged distribution (Hth in the paper); one for all classes or [C]. */
  readonly maxSegmentEntropy: number | ArrayLike<number>;
  /** Lowest share of the mask's rays that had a say; one for all classes or [C]. */
  readonly minCoverage: number | ArrayLike<number>;
  /** Fewest rays that had a say. */
  readonly minRays: number;
}

/** A mask's class: the largest vote over 1..C-1, ties to the lowest id; 0 when the criteria are not met. */
export function judgeSegment(
  tally: Tally,
  mask: number,
  criteria: SegmentCriteria,
): Pick<FusedSegment, 'classId' | 'entropy' | 'coverage' | 'rejected'> {
  const { numClasses } = tally;
  const votes = tally.votes.subarray(mask * numClasses, (mask + 1) * numClasses);
  const voters = tally.voters[mask]!;
  const rays = tally.rays[mask]!;
  const entropy = normalisedEntropy(votes);
  const coverage = rays === 0 ? 0 : voters / rays;
  let best = 1;
  for (let c = 2; c < numClasses; c++) if (votes[c]! > votes[best]!) best = c;
  const rejected = !(votes[best]! > 0)
    ? 'unseen'
    : voters < criteria.minRays
      ? 'rays'
      : !(coverage >= thresholdOf(criteria.minCoverage, best))
        ? 'coverage'
        : !(entropy <= thresholdOf(criteria.maxSegmentEntropy, best))
          ? 'entropy'
          : undefined;
  return rejected === undefined
    ? { classId: best, entropy, coverage }
    : { classId: 0, entropy, coverage, rejected };
}

/** A threshold's value for a class. */
export const thresholdOf = (threshold: number | ArrayLike<number>, classId: number): number =>
  typeof threshold === 'number' ? threshold : threshold[classId]!;
