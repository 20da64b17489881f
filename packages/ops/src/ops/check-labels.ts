/** Throws where labels do not fit the rows and classes of a loss. */
export const checkLabels = (op: string, labels: Uint8Array, rows: number, classes: number): void => {
  if (labels.length !== rows) throw new Error(`${op}: ${labels.length} labels for ${rows} rows`);
  for (let n = 0; n < rows; n++) {
    if (labels[n] >= classes)
      throw new Error(`${op}: label ${labels[n]} at ${n}, expected 0 .. ${classes - 1}`);
  }
};
