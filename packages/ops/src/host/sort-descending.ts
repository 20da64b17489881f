/**
 * The indices that sort non-negative floats from large to small, equal ones by index: a radix sort over 11-bit digits,
 * since the bits of a non-negative float order as the float does.
 */
export const sortDescending = (values: Float32Array): Int32Array => {
  const count = values.length;
  // Complemented, so that ascending digits are descending values; -0 counts as 0.
  const keys = new Uint32Array(count);
  const bits = new Uint32Array(values.buffer, values.byteOffset, count);
  for (let n = 0; n < count; n++) keys[n] = ~(bits[n] & 0x7fffffff) >>> 0;
  let order = new Int32Array(count);
  let next = new Int32Array(count);
  for (let n = 0; n < count; n++) order[n] = n;
  const starts = new Int32Array(2048);
  for (const shift of [0, 11, 22]) {
    starts.fill(0);
    for (let n = 0; n < count; n++) starts[(keys[n] >>> shift) & 2047]++;
    for (let digit = 0, at = 0; digit < 2048; digit++) {
      const here = starts[digit];
      starts[digit] = at;
      at += here;
    }
    for (let n = 0; n < count; n++) {
      const index = order[n];
      next[starts[(keys[index] >>> shift) & 2047]++] = index;
    }
    [order, next] = [next, order];
  }
  return order;
};
