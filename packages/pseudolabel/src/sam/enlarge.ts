import type { Candidate } from './candidate.js';
import type { CropBox } from './crop-boxes.js';

/** Logit-map pixels per picture pixel, along x and y. */
export interface LogitScale {
  readonly scaleX: number;
  readonly scaleY: number;
}

/**
 * A candidate at the picture's resolution: its logits are interpolated bilinearly and cut at 0.
 *
 * @param crop the part of the picture that the logit map shows.
 * @returns [height*width] 1 inside the mask.
 */
export function enlarge(
  candidate: Candidate,
  crop: CropBox,
  { scaleX, scaleY }: LogitScale,
  width: number,
  height: number,
): Uint8Array {
  const bitmap = new Uint8Array(width * height);
  const { logits, width: w } = candidate;
  const columns = axis(crop.x0, crop.x1, scaleX, candidate.left, w);
  const rows = axis(crop.y0, crop.y1, scaleY, candidate.top, candidate.height);
  const blended = new Float32Array(w);
  for (let j = 0; j < rows.low.length; j++) {
    const low = rows.low[j]! * w;
    const high = rows.high[j]! * w;
    const share = rows.share[j]!;
    for (let i = 0; i < w; i++) blended[i] = logits[low + i]! * (1 - share) + logits[high + i]! * share;
    const line = (rows.first + j) * width + columns.first;
    for (let i = 0; i < columns.low.length; i++) {
      const a = blended[columns.low[i]!]!;
      const b = blended[columns.high[i]!]!;
      if (a + (b - a) * columns.share[i]! > 0) bitmap[line + i] = 1;
    }
  }
  return bitmap;
}

/** Per picture pixel the two logits that it lies between and the second one's share, over the window's extent. */
interface Axis {
  readonly first: number;
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly share: Float32Array;
}

function axis(start: number, end: number, scale: number, offset: number, size: number): Axis {
  const first = Math.max(start, Math.floor(start + offset / scale));
  const count = Math.max(0, Math.min(end, Math.ceil(start + (offset + size) / scale)) - first);
  const low = new Int32Array(count);
  const high = new Int32Array(count);
  const share = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    // Pixel centres lie at one half, in the picture and in the map.
    const at = Math.min(size - 1, Math.max(0, (first + i + 0.5 - start) * scale - 0.5 - offset));
    low[i] = Math.floor(at);
    high[i] = Math.min(size - 1, low[i]! + 1);
    share[i] = at - low[i]!;
  }
  return { first, low, high, share };
}
