const checked = new WeakMap<Int32Array, number>();

/** Throws where an index is neither -1 nor a row; each array is looked through once. Plain loops trust the indices. */
export const checkIndices = (op: string, indices: Int32Array, rows: number): void => {
  const before = checked.get(indices);
  if (before !== undefined && before <= rows) return;
  for (let n = 0; n < indices.length; n++) {
    if (indices[n] < -1 || indices[n] >= rows) {
      throw new RangeError(`${op}: index ${indices[n]} at ${n}, expected -1 or 0 .. ${rows - 1}`);
    }
  }
  checked.set(indices, rows);
};
