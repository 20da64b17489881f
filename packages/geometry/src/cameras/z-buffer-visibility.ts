export interface ZBufferOptions {
  /** Image size, pixels; points outside are not visible. */
  readonly width: number;
  readonly height: number;
  /** Pixels to either side within which a nearer point hides. Default width / 200. */
  readonly horizontal?: number;
  /** Pixels above and below within which nearer points hide: the gap between two beams. Default height / 28. */
  readonly vertical?: number;
  /** Share of its depth, and metres, by which a point must lie behind to be hidden. Default 0.05 and 0.5 m. */
  readonly tolerance?: number;
  readonly slack?: number;
}

/** Rows apart, in pixels, that still count as the same row. */
const SAME_ROW = 1;

/**
 * Which projected points a camera sees, judged by the points alone: a dilated sparse depth image, the cheap rival of
 * `transmittanceAt`. A point is hidden when nearer points lie both above (or level) and below (or level) it within reach:
 * between the beams that hit an obstacle. One side alone does not hide, since on any road the pixels below are nearer.
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
  const { width, height, tolerance = 0.05, slack = 0.5 } = options;
  const { horizontal = Math.max(1, width / 200), vertical = Math.max(1, height / 28) } = options;
  const columns = Math.ceil(width / horizontal);
  const rows = Math.ceil(height / vertical);
  const cellOf = new Int32Array(u.length).fill(-1);
  const offsets = new Int32Array(columns * rows + 1);
  for (let n = 0; n < u.length; n++) {
    if (!(u[n] >= 0 && u[n] < width && v[n] >= 0 && v[n] < height && depth[n] > 0)) continue;
    cellOf[n] = Math.floor(v[n] / vertical) * columns + Math.floor(u[n] / horizontal);
    offsets[cellOf[n] + 1]++;
  }
  for (let c = 0; c < columns * rows; c++) offsets[c + 1] += offsets[c];
  const next = offsets.slice();
  const order = new Int32Array(offsets[columns * rows]);
  for (let n = 0; n < u.length; n++) if (cellOf[n] >= 0) order[next[cellOf[n]]++] = n;

  const visible = new Uint8Array(u.length);
  for (const n of order) {
    const column = cellOf[n] % columns;
    const row = Math.floor(cellOf[n] / columns);
    let above = depth[n];
    let below = depth[n];
    for (let j = Math.max(0, row - 1); j <= Math.min(rows - 1, row + 1); j++) {
      const first = offsets[j * columns + Math.max(0, column - 1)];
      const last = offsets[j * columns + Math.min(columns - 1, column + 1) + 1];
      for (let k = first; k < last; k++) {
        const other = order[k];
        const down = v[other] - v[n];
        if (Math.abs(u[other] - u[n]) > horizontal || Math.abs(down) > vertical) continue;
        if (down <= SAME_ROW && depth[other] < above) above = depth[other];
        if (down >= -SAME_ROW && depth[other] < below) below = depth[other];
      }
    }
    visible[n] = depth[n] <= Math.max(above, below) * (1 + tolerance) + slack ? 1 : 0;
  }
  return visible;
};
