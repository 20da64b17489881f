/**
 * Index of the first element that is not below `value` in an ascending array (its length when all are below):
 * the later end of the interval that holds `value`.
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
