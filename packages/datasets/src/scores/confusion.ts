/** Counts of (truth, prediction) pairs: [C*C], row = truth. Class 0 is ignored as truth; predicted, it is wrong. */
export interface Confusion {
  readonly numClasses: number;
  readonly counts: Float64Array;
}

export const emptyConfusion = (numClasses: number): Confusion => ({
  numClasses,
  counts: new Float64Array(numClasses * numClasses),
});

/**
 * Adds the pairs of one scan; rows whose truth is 0 are left out.
 *
 * @param into accumulated in place, so that a whole data set needs one matrix
 * @param truth [N] class ids
 * @param predicted [N] class ids
 * @throws RangeError when the lengths differ or a class id is not below `numClasses`
 */
export function addToConfusion(into: Confusion, truth: Uint8Array, predicted: Uint8Array): Confusion {
  const { numClasses, counts } = into;
  if (truth.length !== predicted.length)
    throw new RangeError(`addToConfusion: ${truth.length} truths and ${predicted.length} predictions`);
  for (let i = 0; i < truth.length; i++) {
    checkPair(truth[i], predicted[i], numClasses, i);
    if (truth[i] !== 0) counts[truth[i] * numClasses + predicted[i]] += 1;
  }
  return into;
}

/** @throws RangeError for a class that is not below `numClasses`. */
export const checkPair = (truth: number, predicted: number, numClasses: number, row: number): void => {
  if (truth >= numClasses || predicted >= numClasses)
    throw new RangeError(
      `confusion: class ${Math.max(truth, predicted)} at row ${row}, below ${numClasses} expected`,
    );
};
