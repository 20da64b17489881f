/**
 * Deals a budget out in proportion to weights: whole numbers, none above its capacity, the surplus of the full ones
 * dealt to the others. Fractions are rounded by systematic sampling, so every entry's expectation is its exact share,
 * and with capacities of 1 this is weighted sampling without replacement.
 *
 * @param weights [n] >= 0. @param capacity [n] whole numbers >= 0.
 * @param offset uniform in [0, 1): the only randomness.
 * @returns [n]; sums to min(budget, the capacities of entries with a weight), up to rounding.
 */
export function allocate(
  weights: ArrayLike<number>,
  capacity: ArrayLike<number>,
  budget: number,
  offset: number,
): Int32Array {
  const n = weights.length;
  const full = new Uint8Array(n);
  let left = budget;
  let rate = 0;
  for (let settled = false; !settled; ) {
    let total = 0;
    for (let i = 0; i < n; i++) if (full[i] === 0) total += weights[i]!;
    rate = total > 0 ? left / total : 0;
    settled = true;
    for (let i = 0; i < n; i++) {
      if (full[i] === 1 || weights[i]! * rate < capacity[i]!) continue;
      if (weights[i]! === 0) continue;
      full[i] = 1;
      left -= capacity[i]!;
      settled = false;
    }
  }
  const result = new Int32Array(n);
  let before = offset;
  for (let i = 0; i < n; i++) {
    if (full[i] === 1) {
      result[i] = capacity[i]!;
      continue;
    }
    const after = before + weights[i]! * rate;
    result[i] = Math.floor(after) - Math.floor(before);
    before = after;
  }
  return result;
}
