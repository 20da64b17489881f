/** How classes are weighed in the losses. */
export type ClassBalance = 'none' | 'inverse-sqrt';

/**
 * Weights per class from how often each occurs: `1 / sqrt(frequency)`, scaled so that the mean over classes that occur
 * is 1, and at most `limit`. The same weights serve labelled and pseudo-labelled losses: balancing only one of them
 * lets rare classes die (the first lesson of the method's trials).
 *
 * @param counts [C] occurrences; class 0 (ignore) gets weight 0, a class never seen gets 0
 */
export function classWeights(counts: ArrayLike<number>, balance: ClassBalance, limit = 10): Float32Array {
  const weights = new Float32Array(counts.length);
  let total = 0;
  for (let c = 1; c < counts.length; c++) total += counts[c]!;
  let sum = 0;
  let occurring = 0;
  for (let c = 1; c < counts.length; c++) {
    if (counts[c]! === 0) continue;
    weights[c] = balance === 'none' ? 1 : 1 / Math.sqrt(counts[c]! / total);
    sum += weights[c]!;
    occurring += 1;
  }
  if (occurring > 0)
    for (let c = 1; c < counts.length; c++) weights[c] = Math.min(limit, (weights[c]! * occurring) / sum);
  return weights;
}

/** Weight of each row's class; `extra` multiplies row by row. */
export function rowWeights(labels: Uint8Array, perClass: Float32Array, extra?: Float32Array): Float32Array {
  const weights = new Float32Array(labels.length);
  for (let i = 0; i < labels.length; i++) weights[i] = perClass[labels[i]!]! * (extra ? extra[i]! : 1);
  return weights;
}
