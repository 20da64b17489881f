import { stabilityScore } from '../masks/stability-score.js';

/** A mask at the decoder's resolution that passed the filters; only its surroundings are kept. */
export interface Candidate {
  readonly score: number;
  /** Pixels of the logit map. */
  readonly area: number;
  /** x0, y0, x1, y1 of the mask in the logit map, the last two exclusive. */
  readonly box: readonly [number, number, number, number];
  /** Where `logits` starts in the logit map, and its width: the box and one pixel around it. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly logits: Float32Array;
}

export interface CandidateFilter {
  readonly minPredictedIou: number;
  readonly minStability: number;
  readonly stabilityOffset: number;
}

/**
 * One mask of a prompt, or undefined when it is empty or fails a filter. Stability is measured on the decoder's own
 * logits, before they are enlarged: the ratio is the same but for the pixels at the rim.
 *
 * @param logits [mapHeight*mapWidth]
 * @param validWidth @param validHeight the part of the map that the picture fills.
 */
export function toCandidate(
  logits: Float32Array,
  mapWidth: number,
  score: number,
  validWidth: number,
  validHeight: number,
  filter: CandidateFilter,
): Candidate | undefined {
  if (score < filter.minPredictedIou) return undefined;
  const valid = window(logits, mapWidth, 0, 0, validWidth, validHeight);
  if (stabilityScore(valid, filter.stabilityOffset) < filter.minStability) return undefined;
  let [x0, y0, x1, y1, area] = [validWidth, validHeight, 0, 0, 0];
  for (let y = 0; y < validHeight; y++) {
    for (let x = 0; x < validWidth; x++) {
      if (valid[y * validWidth + x]! <= 0) continue;
      area++;
      if (x < x0) x0 = x;
      if (x >= x1) x1 = x + 1;
      if (y < y0) y0 = y;
      y1 = y + 1;
    }
  }
  if (area === 0) return undefined;
  // One pixel of margin, so that the enlarged mask ends where it should.
  const left = Math.max(0, x0 - 1);
  const top = Math.max(0, y0 - 1);
  const width = Math.min(mapWidth, x1 + 1) - left;
  const height = Math.min(logits.length / mapWidth, y1 + 1) - top;
  return {
    score,
    area,
    box: [x0, y0, x1, y1],
    left,
    top,
    width,
    height,
    logits: window(logits, mapWidth, left, top, width, height),
  };
}

function window(
  source: Float32Array,
  sourceWidth: number,
  left: number,
  top: number,
  width: number,
  height: number,
): Float32Array {
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * sourceWidth + left;
    result.set(source.subarray(from, from + width), y * width);
  }
  return result;
}
