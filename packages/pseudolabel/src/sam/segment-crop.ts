import { boxNms } from '../masks/box-nms.js';
import type { Pixels } from '../sources/check-image.js';
import type { MaskHints } from '../sources/types.js';
import { type Candidate, type MapFrame, toCandidate } from './candidate.js';
import { type Coverage, trackCoverage } from './coverage.js';
import type { CropBox } from './crop-boxes.js';
import { lidarCells } from './lidar-cells.js';
import { lidarPrompts } from './lidar-prompts.js';
import type { PromptMasks } from './model-host.js';
import { ENCODER_SIZE, LOGITS_PER_TOKEN, TOKENS } from './model-profile.js';
import type { EncodedPicture, SamNetwork } from './network.js';
import type { SamSettings } from './options.js';
import { type PreparedImage, prepareImage } from './prepare-image.js';
import { promptGrid } from './prompt-grid.js';
import { gridPrompts, type PromptSource } from './prompt-source.js';
import { axisTaps } from './upsample.js';

export interface CropResult {
  readonly candidates: readonly Candidate[];
  readonly frame: MapFrame;
  /** Prompts that were decoded. */
  readonly prompts: number;
}

/** Logit-map pixels per pixel of the encoder's input. */
const LOGIT_SCALE = (TOKENS * LOGITS_PER_TOKEN) / ENCODER_SIZE;
/**
 * Prompts on their way when each is chosen by the masks of those before: a number of its own, so that the choice does
 * not depend on how many threads there are.
 */
const AHEAD = 4;
/** Prompts of one request when all are known beforehand. */
const BATCH = 4;

/**
 * Prompts the network all over one crop; what passes the filters and box suppression stays.
 *
 * @param pixels of the crop.
 * @param touchesCrop whether a box in the crop, last column and row inclusive, was cut off by the crop.
 */
export async function segmentCrop(
  network: SamNetwork,
  pixels: Pixels,
  crop: CropBox,
  settings: SamSettings,
  hints: MaskHints | undefined,
  touchesCrop: (box: Candidate['box']) => boolean,
): Promise<CropResult> {
  const prepared = prepareImage(pixels, network.profile);
  const encoded = await network.encode(prepared, settings.trimPadding);
  try {
    const frame = frameOf(network, encoded, prepared, pixels);
    const coverage = cropCoverage(encoded, prepared, pixels, settings);
    const candidates: Candidate[] = [];
    const take = ({ logits, iou }: PromptMasks): void => {
      const size = encoded.width * encoded.height;
      for (const k of settings.masksPerPrompt === 'best' ? indexOfMax(iou) : iou.keys()) {
        const candidate = toCandidate(logits.subarray(k * size, (k + 1) * size), iou[k]!, frame, settings);
        if (candidate === undefined || touchesCrop(candidate.box)) continue;
        candidates.push(candidate);
        coverage.add(candidate);
      }
    };
    const source = promptsOf(pixels, crop, settings, hints);
    const adaptive = settings.skipCovered || source.kind === 'lidar';
    const prompts = await decodeAll(network, encoded, prepared, source, adaptive, coverage, settings, take);
    const boxes = candidates.flatMap((candidate) => candidate.box);
    const scores = candidates.map((candidate) => candidate.score);
    const kept = boxNms(boxes, scores, settings.maxBoxIou).map((i) => candidates[i]!);
    return { candidates: kept, frame, prompts };
  } finally {
    await encoded.close();
  }
}

/** Decodes prompt after prompt, several at the same time, and takes the results in the prompts' order. */
async function decodeAll(
  network: SamNetwork,
  encoded: EncodedPicture,
  { scaleX, scaleY }: PreparedImage,
  source: PromptSource,
  adaptive: boolean,
  coverage: Coverage,
  settings: SamSettings,
  take: (masks: PromptMasks) => void,
): Promise<number> {
  const floor = settings.minPredictedIou > 0 ? settings.minPredictedIou : Number.NEGATIVE_INFINITY;
  const [ahead, batch] = adaptive ? [AHEAD, 1] : [network.decoders + 1, BATCH];
  const onTheirWay: Promise<readonly PromptMasks[]>[] = [];
  let prompts = 0;
  const issue = (): boolean => {
    const points: number[] = [];
    while (points.length < 2 * batch && prompts < settings.maxPrompts) {
      const point = source.next(coverage);
      if (point === undefined) break;
      points.push(point.x * scaleX, point.y * scaleY);
      prompts++;
    }
    if (points.length === 0) return false;
    const answer = encoded.decode(Float32Array.from(points), floor);
    // An error is met where the answer is awaited, if nothing fails before.
    answer.catch(() => undefined);
    onTheirWay.push(answer);
    return true;
  };
  for (;;) {
    while (onTheirWay.length < ahead && issue());
    const next = onTheirWay.shift();
    if (next === undefined) return prompts;
    for (const masks of await next) take(masks);
  }
}

function promptsOf(
  { width, height }: Pixels,
  crop: CropBox,
  settings: SamSettings,
  hints: MaskHints | undefined,
): PromptSource & { readonly kind: 'grid' | 'lidar' } {
  if (settings.prompts === 'lidar' && hints?.lidar !== undefined) {
    const cells = lidarCells(hints.lidar, width, height, crop.x0, crop.y0);
    return { kind: 'lidar', ...lidarPrompts(cells) };
  }
  const points = promptGrid(width, height, crop.layer, settings);
  return { kind: 'grid', ...gridPrompts(points, settings.skipCovered) };
}

function frameOf(
  { profile }: SamNetwork,
  encoded: EncodedPicture,
  { width, height }: PreparedImage,
  pixels: Pixels,
): MapFrame {
  const viaInput = profile.family === 'sam';
  const taps = (size: number, filled: number, mapSize: number): MapFrame['columns'] =>
    axisTaps(size, filled, mapSize, viaInput);
  return {
    mapWidth: encoded.width,
    // One more than the picture fills, for the logits that its last pixels are interpolated from.
    validWidth: Math.min(encoded.width, Math.ceil(width * LOGIT_SCALE) + 1),
    validHeight: Math.min(encoded.height, Math.ceil(height * LOGIT_SCALE) + 1),
    columns: taps(pixels.width, width, encoded.width),
    rows: taps(pixels.height, height, encoded.height),
  };
}

/** The coverage of the logit map, asked in pixels of the crop. */
function cropCoverage(
  encoded: EncodedPicture,
  { scaleX, scaleY }: PreparedImage,
  pixels: Pixels,
  { coverLimit, maskThreshold }: SamSettings,
): Coverage {
  const area = pixels.width * pixels.height;
  const coverage = trackCoverage(encoded.width, encoded.height, area, coverLimit, maskThreshold);
  const [sx, sy] = [scaleX * LOGIT_SCALE, scaleY * LOGIT_SCALE];
  return { ...coverage, spares: (x, y, level) => coverage.spares(x * sx, y * sy, level) };
}

function indexOfMax(values: Float32Array): number[] {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return values.length === 0 ? [] : [best];
}
