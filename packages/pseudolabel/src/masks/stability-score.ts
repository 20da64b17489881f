/**
 * How little a mask changes when its threshold moves: |logits > offset| / |logits > -offset|, the intersection over
 * union of the mask cut high and cut low (Segment-Anything, appendix B). 0 for an empty mask.
 *
 * @param logits any number of mask logits; the mask is where they are positive.
 * @param offset in logits; the original generator's default is 1.
 */
export function stabilityScore(logits: Float32Array, offset: number): number {
  let [high, low] = [0, 0];
  for (let i = 0; i < logits.length; i++) {
    if (logits[i]! > offset) high++;
    if (logits[i]! > -offset) low++;
  }
  return low === 0 ? 0 : high / low;
}
