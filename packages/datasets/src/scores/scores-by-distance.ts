import type { LabelSpace } from '@nerfseg/geometry';
import { nuscenesLabelSpace } from '../labels/nuscenes.js';
import type { Confusion } from './confusion.js';
import { type ConfusionByDistance, sumOfConfusions } from './confusion-by-distance.js';
import { type Scores, scoresOf } from './scores.js';

/** Scores of the points in one range of distances from the sensor. */
export interface DistanceScores {
  /** Metres, inclusive. */
  readonly from: number;
  /** Metres, exclusive; absent for the last range. */
  readonly to?: number;
  readonly scores: Scores;
}

/** The benchmark's own scores, overall and by distance. */
export interface OfficialScores {
  /** With the mean that the benchmark's server takes: see `ScoresOptions.classes`. */
  readonly scores: Scores;
  /** Mean over the classes that occur in these frames: differs where frames are few. */
  readonly miouOfOccurring: number;
  readonly confusion: Confusion;
  readonly byDistance: readonly DistanceScores[];
}

/** Scores from counts by distance, as the label space's benchmark takes them. */
export const scoresByDistance = (
  { edges, ranges }: ConfusionByDistance,
  labelSpace: LabelSpace,
): OfficialScores => {
  const confusion = sumOfConfusions(ranges);
  return {
    scores: scoresOf(confusion, {
      classes: labelSpace.name === nuscenesLabelSpace.name ? 'united' : 'all',
    }),
    miouOfOccurring: scoresOf(confusion).miou,
    confusion,
    byDistance: edges.map((from, k) => ({
      from,
      ...(k + 1 < edges.length ? { to: edges[k + 1] } : {}),
      scores: scoresOf(ranges[k]),
    })),
  };
};
