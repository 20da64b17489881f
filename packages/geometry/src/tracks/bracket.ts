/**
 * Index of the first element that is not below `value` in an ascending array (its length when all are below).
 */
export const firstNotBelow = (ascending: ArrayLike<number>, value: number): number => {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * The two knots that a time is interpolated between, or carried on from when it lies beyond an end. Both are the same
 * only in a track of a single instant.
 */
export const bracket = (timestamps: ArrayLike<number>, time: number): [before: number, after: number] => {
  const found = firstNotBelow(timestamps, time);
  if (found > 0 && found < timestamps.length) return [found - 1, found];
  // At or beyond an end: equal timestamps span no time, the knot next to them does.
  const end = found === 0 ? 0 : timestamps.length - 1;
  const step = found === 0 ? 1 : -1;
  let other = end;
  while (other + step >= 0 && other + step < timestamps.length && timestamps[other] === timestamps[end])
    other += step;
  return end < other ? [end, other] : [other, end];
};
