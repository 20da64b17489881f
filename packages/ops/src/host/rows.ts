/** target[j] = source[indices[start + j]] for rows of `width` floats; zeros where the index is -1. */
export const gatherInto = (
  target: Float32Array,
  source: Float32Array,
  width: number,
  indices: Int32Array,
  start: number,
  end: number,
): void => {
  for (let j = start, to = 0; j < end; j++, to += width) {
    const row = indices[j];
    if (row < 0) {
      target.fill(0, to, to + width);
    } else {
      const from = row * width;
      for (let c = 0; c < width; c++) target[to + c] = source[from + c];
    }
  }
};

/** As {@link gatherInto}, transposed: target[c * count + j], where count = end - start; no index is -1. */
export const gatherTransposedInto = (
  target: Float32Array,
  source: Float32Array,
  width: number,
  indices: Int32Array,
  start: number,
  end: number,
): void => {
  const count = end - start;
  for (let j = 0; j < count; j++) {
    const from = indices[start + j] * width;
    for (let c = 0, to = j; c < width; c++, to += count) target[to] = source[from + c];
  }
};

/** target[indices[start + j]] += source[j] for rows of `width` floats; -1 is skipped. */
export const scatterAddInto = (
  target: Float32Array,
  source: Float32Array,
  width: number,
  indices: Int32Array,
  start: number,
  end: number,
): void => {
  for (let j = start, from = 0; j < end; j++, from += width) {
    const to = indices[j] * width;
    if (to < 0) continue;
    for (let c = 0; c < width; c++) target[to + c] += source[from + c];
  }
};
