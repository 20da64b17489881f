/**
 * The best of classes 1..C-1 per row, 0 where its score is below its threshold.
 *
 * @param scores [V*C] logits or probabilities; of equal ones the lower class wins
 * @param threshold least score; default: any
 */
export function bestClasses(
  scores: Float32Array,
  numClasses: number,
  threshold = Number.NEGATIVE_INFINITY,
): Uint8Array {
  const best = new Uint8Array(scores.length / numClasses);
  for (let v = 0, row = 0; v < best.length; v++, row += numClasses) {
    let c = 1;
    for (let k = 2; k < numClasses; k++) if (scores[row + k]! > scores[row + c]!) c = k;
    best[v] = scores[row + c]! >= threshold ? c : 0;
  }
  return best;
}
