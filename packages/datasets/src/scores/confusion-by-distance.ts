import { type Confusion, checkPair, emptyConfusion } from './confusion.js';

/** A confusion matrix for each range of distances from the sensor. */
export interface ConfusionByDistance {
  /** Metres, ascending: range k is from edges[k] (inclusive) to edges[k + 1]; the last has no end. */
  readonly edges: readonly number[];
  readonly ranges: readonly Confusion[];
}

/** Every ten metres up to fifty, as SemanticKITTI's evaluation by distance has it, and what is beyond. */
export const defaultDistances: readonly number[] = [0, 10, 20, 30, 40, 50];

/** @throws RangeError for edges that do not begin at 0 or do not ascend: every point must fall into one range. */
export const emptyConfusionByDistance = (
  numClasses: number,
  edges: readonly number[] = defaultDistances,
): ConfusionByDistance => {
  if (edges[0] !== 0 || edges.some((edge, i) => i > 0 && !(edge > edges[i - 1])))
    throw new RangeError(`distances ${edges.join(', ')} do not ascend from 0`);
  return { edges, ranges: edges.map(() => emptyConfusion(numClasses)) };
};

/**
 * As `addToConfusion`, each point into the matrix of its distance, sqrt(x^2 + y^2 + z^2).
 *
 * @param positions [N*3] metres, sensor frame.
 */
export const addToConfusionByDistance = (
  into: ConfusionByDistance,
  positions: Float32Array,
  truth: Uint8Array,
  predicted: Uint8Array,
): ConfusionByDistance => {
  if (positions.length !== truth.length * 3 || predicted.length !== truth.length)
    throw new RangeError(
      `addToConfusionByDistance: ${positions.length} coordinates, ${truth.length} truths, ${predicted.length} predictions`,
    );
  const { edges, ranges } = into;
  const { numClasses } = ranges[0];
  const squared = Float64Array.from(edges, (edge) => edge * edge);
  const counts = ranges.map((range) => range.counts);
  for (let i = 0, p = 0; i < truth.length; i++, p += 3) {
    checkPair(truth[i], predicted[i], numClasses, i);
    if (truth[i] === 0) continue;
    const distance =
      positions[p] * positions[p] + positions[p + 1] * positions[p + 1] + positions[p + 2] * positions[p + 2];
    let range = squared.length - 1;
    while (range > 0 && distance < squared[range]) range--;
    counts[range][truth[i] * numClasses + predicted[i]] += 1;
  }
  return into;
};

/** All ranges together. */
export const sumOfConfusions = (ranges: readonly Confusion[]): Confusion => {
  const sum = emptyConfusion(ranges[0].numClasses);
  for (const { counts } of ranges) for (let i = 0; i < counts.length; i++) sum.counts[i] += counts[i];
  return sum;
};
