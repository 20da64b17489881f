/** Of every coordinate x of an axis the taps that reach it: `taps` and `outputs` from offsets[x] to offsets[x + 1]. */
export interface AxisTaps {
  /** [size+1] */
  readonly offsets: Int32Array;
  readonly taps: Int32Array;
  readonly outputs: Int32Array;
}

/** For every input coordinate of one axis, the taps through which outputs read it, and those outputs. */
export const axisTaps = (
  size: number,
  outSize: number,
  kernel: number,
  stride: number,
  padding: number,
  wrap: boolean,
): AxisTaps => {
  const offsets = new Int32Array(size + 1);
  const taps: number[] = [];
  const outputs: number[] = [];
  for (let x = 0; x < size; x++) {
    for (let k = 0; k < kernel; k++) {
      let position = x + padding - k;
      if (wrap) position = ((position % size) + size) % size;
      const output = position / stride;
      if (position < 0 || position % stride !== 0 || output >= outSize) continue;
      taps.push(k);
      outputs.push(output);
    }
    offsets[x + 1] = taps.length;
  }
  return { offsets, taps: Int32Array.from(taps), outputs: Int32Array.from(outputs) };
};

export const countPairs = (coords: Int32Array, axes: readonly AxisTaps[]): number => {
  let pairs = 0;
  for (let at = 0; at < coords.length; at += 3) {
    let reached = 1;
    for (let axis = 0; axis < 3; axis++) {
      const x = coords[at + axis];
      reached *= axes[axis].offsets[x + 1] - axes[axis].offsets[x];
    }
    pairs += reached;
  }
  return pairs;
};
