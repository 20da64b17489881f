import { type AxisTaps, type LogitWindow, reach } from './upsample.js';

/** What can be said of an enlarged mask without keeping it. */
export interface MeasuredMask {
  /** Pixels above the threshold raised by the offset, lowered by it, and as it is. */
  readonly above: number;
  readonly below: number;
  readonly area: number;
  /** First and last column and row, inclusive: x0, y0, x1, y1; of no meaning when the area is 0. */
  readonly box: readonly [number, number, number, number];
}

/**
 * Counts the pixels that a window of logits makes when it is interpolated to the picture (see `upsample`). Pixels are
 * taken in blocks that share their nine logits: where those agree on which side of every threshold they lie, so do all pixels
 * of the block, and only blocks at the mask's rim are interpolated.
 */
export function measureMask(
  window: LogitWindow,
  columns: AxisTaps,
  rows: AxisTaps,
  threshold: number,
  offset: number,
): MeasuredMask {
  const { left, top, width, height, logits } = window;
  const [low, high] = [threshold - offset, threshold + offset];
  const across = blocksOf(columns, left, width);
  const down = blocksOf(rows, top, height);
  const lowest = new Float32Array(width);
  const highest = new Float32Array(width);
  let [above, below, area] = [0, 0, 0];
  let [x0, y0, x1, y1] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -1, -1];
  const last = (at: number, end: number): number => Math.max(0, Math.min(end - 1, at));
  for (let q = 0; q < down.length; q += 3) {
    const [y, yEnd, from] = [down[q]!, down[q + 1]!, down[q + 2]!];
    const r0 = last(from, height) * width;
    const r1 = last(from + 1, height) * width;
    const r2 = last(from + 2, height) * width;
    for (let i = 0; i < width; i++) {
      const [a, b, c] = [logits[r0 + i]!, logits[r1 + i]!, logits[r2 + i]!];
      lowest[i] = Math.min(a, b, c);
      highest[i] = Math.max(a, b, c);
    }
    for (let p = 0; p < across.length; p += 3) {
      const at = across[p + 2]!;
      const c0 = last(at, width);
      const c1 = last(at + 1, width);
      const c2 = last(at + 2, width);
      if (Math.max(highest[c0]!, highest[c1]!, highest[c2]!) <= low) continue;
      const [x, xEnd] = [across[p]!, across[p + 1]!];
      if (Math.min(lowest[c0]!, lowest[c1]!, lowest[c2]!) > high) {
        const pixels = (xEnd - x) * (yEnd - y);
        above += pixels;
        below += pixels;
        area += pixels;
        if (x < x0) x0 = x;
        if (xEnd - 1 > x1) x1 = xEnd - 1;
        if (y < y0) y0 = y;
        y1 = yEnd - 1;
        continue;
      }
      for (let row = y; row < yEnd; row++) {
        const v0 = rows.weights[3 * row]!;
        const v1 = rows.weights[3 * row + 1]!;
        const v2 = rows.weights[3 * row + 2]!;
        const b0 = v0 * logits[r0 + c0]! + v1 * logits[r1 + c0]! + v2 * logits[r2 + c0]!;
        const b1 = v0 * logits[r0 + c1]! + v1 * logits[r1 + c1]! + v2 * logits[r2 + c1]!;
        const b2 = v0 * logits[r0 + c2]! + v1 * logits[r1 + c2]! + v2 * logits[r2 + c2]!;
        for (let column = x, w = 3 * x; column < xEnd; column++, w += 3) {
          const value =
            columns.weights[w]! * b0 + columns.weights[w + 1]! * b1 + columns.weights[w + 2]! * b2;
          if (value <= low) continue;
          below++;
          if (value > high) above++;
          if (value <= threshold) continue;
          area++;
          if (column < x0) x0 = column;
          if (column > x1) x1 = column;
          if (row < y0) y0 = row;
          if (row > y1) y1 = row;
        }
      }
    }
  }
  return { above, below, area, box: [x0, y0, x1, y1] };
}

/** Runs of pixels with the same taps: first, end, and where their taps begin in the window. */
function blocksOf(taps: AxisTaps, offset: number, size: number): Int32Array {
  const [first, end] = reach(taps, offset, size);
  const blocks: number[] = [];
  for (let at = first; at < end; ) {
    const start = taps.start[at]!;
    let stop = at + 1;
    while (stop < end && taps.start[stop] === start) stop++;
    blocks.push(at, stop, start - offset);
    at = stop;
  }
  return Int32Array.from(blocks);
}
