import { ENCODER_SIZE, LOGITS_PER_TOKEN, TOKENS } from './model-profile.js';

/** Logits along one axis that each picture pixel is interpolated from. */
export interface AxisTaps {
  /** [size] the first of three neighbouring logits. */
  readonly start: Int32Array;
  /** [size*3] their weights; they sum to 1. */
  readonly weights: Float32Array;
}

/** Two neighbours and the second one's share, for bilinear interpolation as PyTorch does it without aligned corners. */
const between = (i: number, scale: number, size: number): [low: number, high: number, share: number] => {
  const at = Math.max(0, (i + 0.5) * scale - 0.5);
  const low = Math.min(size - 1, Math.floor(at));
  return [low, Math.min(size - 1, low + 1), Math.min(1, at - low)];
};

/**
 * The taps of one axis, from the logit map to the picture.
 *
 * @param size pixels of the picture (or crop) along the axis.
 * @param filled pixels of the encoder's input that it fills.
 * @param mapSize logits along the axis.
 * @param viaInput interpolate twice as the original SAM does, to the encoder's resolution, where padding is cut off, and from
 * there to the picture's; false: once, as SAM 2 does.
 */
export function axisTaps(size: number, filled: number, mapSize: number, viaInput: boolean): AxisTaps {
  const perLogit = ENCODER_SIZE / (TOKENS * LOGITS_PER_TOKEN);
  const start = new Int32Array(size);
  const weights = new Float32Array(size * 3);
  for (let i = 0; i < size; i++) {
    const terms: [logit: number, weight: number][] = [];
    if (viaInput) {
      const [a, b, share] = between(i, filled / size, filled);
      for (const [pixel, weight] of [
        [a, 1 - share],
        [b, share],
      ] as const) {
        const [low, high, part] = between(pixel, 1 / perLogit, mapSize);
        terms.push([low, weight * (1 - part)], [high, weight * part]);
      }
    } else {
      const [low, high, share] = between(i, mapSize / size, mapSize);
      terms.push([low, 1 - share], [high, share]);
    }
    const first = Math.min(...terms.map(([logit]) => logit), Math.max(0, mapSize - 3));
    start[i] = first;
    for (const [logit, weight] of terms) if (weight !== 0) weights[i * 3 + logit - first]! += weight;
  }
  return { start, weights };
}

/** Part of a logit map, [height*width] logits from column `left`, row `top` on. */
export interface LogitWindow {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly logits: Float32Array;
}

/** Which picture pixels along an axis can be told by a window of logits: those with a tap of some weight in it. */
export function reach({ start }: AxisTaps, from: number, count: number): [first: number, end: number] {
  let first = 0;
  while (first < start.length && start[first]! + 2 < from) first++;
  let end = start.length;
  while (end > first && start[end - 1]! >= from + count) end--;
  return [first, end];
}

/**
 * Interpolates a window of logits to the picture's resolution, line by line. Logits outside of the window count as its
 * nearest: the window must reach as far as they matter.
 *
 * @param visit told each line: its row, the column of its first value, and the values (reused by the next line).
 */
export function upsample(
  window: LogitWindow,
  columns: AxisTaps,
  rows: AxisTaps,
  visit: (y: number, x0: number, line: Float32Array) => void,
): void {
  const { left, top, width, height, logits } = window;
  const [x0, x1] = reach(columns, left, width);
  const [y0, y1] = reach(rows, top, height);
  const blended = new Float32Array(width);
  const line = new Float32Array(x1 - x0);
  const nearest = (at: number, end: number): number => Math.max(0, Math.min(end - 1, at));
  const [a, b, c] = [0, 1, 2].map((tap) =>
    Int32Array.from(line, (_, i) => nearest(columns.start[x0 + i]! + tap - left, width)),
  ) as [Int32Array, Int32Array, Int32Array];
  const weights = columns.weights.subarray(3 * x0, 3 * x1);
  for (let y = y0; y < y1; y++) {
    const from = rows.start[y]! - top;
    const [r0, r1, r2] = [from, from + 1, from + 2].map((row) => nearest(row, height) * width) as [
      number,
      number,
      number,
    ];
    const w0 = rows.weights[3 * y]!;
    const w1 = rows.weights[3 * y + 1]!;
    const w2 = rows.weights[3 * y + 2]!;
    for (let i = 0; i < width; i++)
      blended[i] = w0 * logits[r0 + i]! + w1 * logits[r1 + i]! + w2 * logits[r2 + i]!;
    for (let i = 0, w = 0; i < line.length; i++, w += 3)
      line[i] =
        weights[w]! * blended[a[i]!]! + weights[w + 1]! * blended[b[i]!]! + weights[w + 2]! * blended[c[i]!]!;
    visit(y, x0, line);
  }
}
