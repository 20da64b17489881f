/** Shannon entropy of counts or probabilities, normalised to 0..1 by log(number of entries); 1, nothing is known, where they sum to 0 or to no number. */
export function normalisedEntropy(values: ArrayLike<number>): number {
  let sum = 0;
  for (let c = 0; c < values.length; c++) sum += values[c]!;
  if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) return 1;
  let entropy = 0;
  for (let c = 0; c < values.length; c++) {
    const p = values[c]! / sum;
    if (p > 0) entropy -= p * Math.log(p);
  }
  return values.length < 2 ? 0 : entropy / Math.log(values.length);
}
