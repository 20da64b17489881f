import { boxNms } from '../masks/box-nms.js';
import type { Pixels } from '../sources/check-image.js';
import { type Candidate, toCandidate } from './candidate.js';
import { LOGIT_SIZE, type SamNetwork } from './network.js';
import type { SamSettings } from './options.js';
import { ENCODER_SIZE, prepareImage } from './prepare-image.js';
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
  const embedding = await network.encode(prepared.input);
  const shrink = LOGIT_SIZE / ENCODER_SIZE;
  const scaleX = prepared.scaleX * shrink;
  const scaleY = prepared.scaleY * shrink;
  const validWidth = Math.ceil(prepared.width * shrink);
  const validHeight = Math.ceil(prepared.height * shrink);
  const covered = new Uint8Array(LOGIT_SIZE * LOGIT_SIZE);
  const candidates: Candidate[] = [];
  const grid = promptGrid(pixels.width, pixels.height, settings.pointsPerSide, settings.squareGrid);
  let prompts = 0;
  for (let p = 0; p < grid.length && prompts < settings.maxPrompts; p += 2) {
    const [x, y] = [grid[p]!, grid[p + 1]!];
    const cell = Math.floor(y * scaleY) * LOGIT_SIZE + Math.floor(x * scaleX);
    if (settings.skipCovered && covered[cell] === 1) continue;
    prompts++;
    const { logits, iou } = await network.decode(embedding, x * prepared.scaleX, y * prepared.scaleY);
    for (const k of settings.masksPerPrompt === 'best' ? [indexOfMax(iou)] : iou.keys()) {
      const mask = logits.subarray(k * LOGIT_SIZE ** 2, (k + 1) * LOGIT_SIZE ** 2);
      const candidate = toCandidate(mask, iou[k]!, validWidth, validHeight, settings);
      if (candidate === undefined) continue;
      candidates.push(candidate);
      if (candidate.area <= settings.coverLimit * validWidth * validHeight) cover(covered, candidate);
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

function cover(covered: Uint8Array, { left, top, width, height, logits }: Candidate): void {
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (logits[y * width + x]! > 0) covered[(top + y) * LOGIT_SIZE + left + x] = 1;
}
