import { boxNms } from '../masks/box-nms.js';
import type { Pixels } from '../sources/check-image.js';
import { type Candidate, toCandidate } from './candidate.js';
import { trackCoverage } from './coverage.js';
import { LOGIT_SCALE, type SamNetwork } from './network.js';
import type { SamSettings } from './options.js';
import { prepareImage } from './prepare-image.js';
import { promptGrid } from './prompt-grid.js';

export interface CropResult {
  readonly candidates: readonly Candidate[];
  /** Logit-map pixels per picture pixel. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Prompts that were decoded. */
  readonly prompts: number;
}

/** Prompts the network all over one picture; what passes the filters and box suppression stays. */
export async function segmentCrop(
  network: SamNetwork,
  pixels: Pixels,
  settings: SamSettings,
): Promise<CropResult> {
  const prepared = prepareImage(pixels);
  const encoded = await network.encode(prepared.input, prepared.width, prepared.height);
  const scaleX = prepared.scaleX * LOGIT_SCALE;
  const scaleY = prepared.scaleY * LOGIT_SCALE;
  const validWidth = Math.ceil(prepared.width * LOGIT_SCALE);
  const validHeight = Math.ceil(prepared.height * LOGIT_SCALE);
  const size = encoded.width * encoded.height;
  const coverage = trackCoverage(
    encoded.width,
    encoded.height,
    validWidth * validHeight,
    settings.coverLimit,
  );
  const candidates: Candidate[] = [];
  let prompts = 0;
  for (const point of promptGrid(pixels.width, pixels.height, settings.pointsPerSide, settings.squareGrid)) {
    if (prompts >= settings.maxPrompts) break;
    if (settings.skipCovered && coverage.spares(point.x * scaleX, point.y * scaleY, point.level)) continue;
    prompts++;
    const { logits, iou } = await encoded.decode(point.x * prepared.scaleX, point.y * prepared.scaleY);
    for (const k of settings.masksPerPrompt === 'best' ? [indexOfMax(iou)] : iou.keys()) {
      const mask = logits.subarray(k * size, (k + 1) * size);
      const candidate = toCandidate(mask, encoded.width, iou[k]!, validWidth, validHeight, settings);
      if (candidate === undefined) continue;
      candidates.push(candidate);
      coverage.add(candidate);
    }
  }
  const boxes = candidates.flatMap((candidate) => candidate.box);
  const scores = candidates.map((candidate) => candidate.score);
  const kept = boxNms(boxes, scores, settings.maxBoxIou).map((i) => candidates[i]!);
  return { candidates: kept, scaleX, scaleY, prompts };
}

function indexOfMax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
