import { type MeasuredMask, measureMask } from './measure-mask.js';
import type { AxisTaps, LogitWindow } from './upsample.js';

/** How a crop's logit map lies in the crop. */
export interface MapFrame {
  /** Logits along a row of the map. */
  readonly mapWidth: number;
  /** The part of the map that the picture fills. */
  readonly validWidth: number;
  readonly validHeight: number;
  readonly columns: AxisTaps;
  readonly rows: AxisTaps;
}

/** A mask that passed the filters, its logits at the decoder's resolution: only their surroundings are kept. */
export interface Candidate {
  readonly score: number;
  readonly stability: number;
  /** Pixels of the crop. */
  readonly area: number;
  /** First and last column and row in the crop, the last ones inclusive: x0, y0, x1, y1. */
  readonly box: readonly [number, number, number, number];
  readonly window: LogitWindow;
}

export interface CandidateFilter {
  readonly minStability: number;
  readonly stabilityOffset: number;
  readonly maskThreshold: number;
}

/**
 * One mask of a prompt, or undefined when it is empty or not stable. Stability, area and box are those of the mask at the
 * crop's resolution, as the original has them; only what lies around the mask is enlarged for that, and not kept.
 *
 * @param logits [mapHeight*mapWidth]
 */
export function toCandidate(
  logits: Float32Array,
  score: number,
  frame: MapFrame,
  { minStability, stabilityOffset, maskThreshold }: CandidateFilter,
): Candidate | undefined {
  const window = windowOf(logits, frame, maskThreshold - stabilityOffset);
  if (window === undefined) return undefined;
  const { above, below, area, box }: MeasuredMask = measureMask(
    window,
    frame.columns,
    frame.rows,
    maskThreshold,
    stabilityOffset,
  );
  if (area === 0 || above / below < minStability) return undefined;
  return { score, stability: above / below, area, box, window };
}

/** The logits above a bound and two around them: beyond, all that is interpolated lies at or below the bound. */
function windowOf(
  logits: Float32Array,
  { mapWidth, validWidth, validHeight }: MapFrame,
  bound: number,
): LogitWindow | undefined {
  let [x0, y0, x1, y1] = [validWidth, -1, -1, -1];
  for (let y = 0; y < validHeight; y++) {
    const line = y * mapWidth;
    let first = 0;
    while (first < validWidth && logits[line + first]! <= bound) first++;
    if (first === validWidth) continue;
    let last = validWidth - 1;
    while (logits[line + last]! <= bound) last--;
    if (y0 < 0) y0 = y;
    y1 = y;
    if (first < x0) x0 = first;
    if (last > x1) x1 = last;
  }
  if (y0 < 0) return undefined;
  const mapHeight = logits.length / mapWidth;
  const [left, top] = [Math.max(0, x0 - 2), Math.max(0, y0 - 2)];
  const width = Math.min(mapWidth, x1 + 3) - left;
  const height = Math.min(mapHeight, y1 + 3) - top;
  const part = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * mapWidth + left;
    part.set(logits.subarray(from, from + width), y * width);
  }
  return { left, top, width, height, logits: part };
}
