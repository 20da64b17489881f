export interface ZBufferOptions {
  /** Image size, pixels; points outside are not visible. */
  readonly width: number;
  readonly height: number;
  /** Side of a buffer cell, pixels. Default 8: about the gap between beams in a 32-channel scan. */
  readonly cell?: number;
  /** How many cells around its own a point may hide others in. Default 1. */
  readonly dilation?: number;
  /** Share of its depth, and metres, by which a point may lie behind the nearest one. Default 0.05 and 0.5 m. */
  readonly tolerance?: number;
  readonly slack?: number;
}

/**
 * Which projected points a camera sees, judged by the points alone: the sparse depth image is binned into cells, each
 * cell takes the least depth of itself and its neighbours, and a point well behind that is hidden. The cheap rival of
 * `transmittanceAt`; it hides background beside thin objects generously.
 *
 * @param u, v [N] pixels (see `projectPoints`; NaN is not visible).
 * @param depth [N] metres; <= 0 is not visible.
 * @returns [N] 1 where visible.
 */
export const zBufferVisibility = (
  u: Float32Array,
  v: Float32Array,
  depth: Float32Array,
  options: ZBufferOptions,
): Uint8Array => {
  const { width, height, cell = 8, dilation = 1, tolerance = 0.05, slack = 0.5 } = options;
  const columns = Math.ceil(width / cell);
  const rows = Math.ceil(height / cell);
  const nearest = new Float32Array(columns * rows).fill(Number.POSITIVE_INFINITY);
  const cellOf = new Int32Array(u.length).fill(-1);
  for (let n = 0; n < u.length; n++) {
    if (!(u[n] >= 0 && u[n] < width && v[n] >= 0 && v[n] < height && depth[n] > 0)) continue;
    const c = Math.floor(v[n] / cell) * columns + Math.floor(u[n] / cell);
    cellOf[n] = c;
    if (depth[n] < nearest[c]) nearest[c] = depth[n];
  }
  const visible = new Uint8Array(u.length);
  for (let n = 0; n < u.length; n++) {
    const c = cellOf[n];
    if (c < 0) continue;
    const column = c % columns;
    const row = (c - column) / columns;
    let front = depth[n];
    for (let j = Math.max(0, row - dilation); j <= Math.min(rows - 1, row + dilation); j++)
      for (let i = Math.max(0, column - dilation); i <= Math.min(columns - 1, column + dilation); i++)
        if (nearest[j * columns + i] < front) front = nearest[j * columns + i];
    visible[n] = depth[n] <= front * (1 + tolerance) + slack ? 1 : 0;
  }
  return visible;
};
