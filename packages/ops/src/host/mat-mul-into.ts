/** c [M, N] = a [M, K] . b [K, N] in plain loops, four rows of b at a time: a row of c is read and written once per four. */
export const matMulInto = (
  c: Float32Array,
  a: Float32Array,
  b: Float32Array,
  m: number,
  k: number,
  n: number,
): void => {
  c.fill(0, 0, m * n);
  const blocked = k - (k % 4);
  for (let i = 0; i < m; i++) {
    const row = i * n;
    for (let j = 0; j < blocked; j += 4) {
      const at = i * k + j;
      const a0 = a[at];
      const a1 = a[at + 1];
      const a2 = a[at + 2];
      const a3 = a[at + 3];
      const b0 = j * n;
      const b1 = b0 + n;
      const b2 = b1 + n;
      const b3 = b2 + n;
      for (let x = 0; x < n; x++) {
        c[row + x] += a0 * b[b0 + x] + a1 * b[b1 + x] + a2 * b[b2 + x] + a3 * b[b3 + x];
      }
    }
    for (let j = blocked; j < k; j++) {
      const a0 = a[i * k + j];
      const b0 = j * n;
      for (let x = 0; x < n; x++) c[row + x] += a0 * b[b0 + x];
    }
  }
};
