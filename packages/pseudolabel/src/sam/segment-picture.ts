import type { RunLengths, SegmentMasks } from '@nerfseg/geometry';
import { boxNms } from '../masks/box-nms.js';
import { encodeRuns } from '../masks/encode-runs.js';
import { removeSmallRegions } from '../masks/remove-small-regions.js';
import { segmentMasks } from '../masks/segment-masks.js';
import type { Pixels } from '../sources/check-image.js';
import type { MaskHints } from '../sources/types.js';
import type { Candidate, MapFrame } from './candidate.js';
import { type CropBox, cropBoxes } from './crop-boxes.js';
import type { SamNetwork } from './network.js';
import type { SamSettings } from './options.js';
import { rasterise } from './rasterise.js';
import { segmentCrop } from './segment-crop.js';

/** Masks of a picture, and what they took. */
export interface PictureMasks {
  readonly masks: SegmentMasks;
  /** Prompts that were decoded, over all crops. */
  readonly prompts: number;
}

interface Found {
  readonly candidate: Candidate;
  readonly frame: MapFrame;
  readonly crop: CropBox;
}

/**
 * Automatic masks of a picture, best first: every crop is prompted on its own, then their masks are merged; only those
 * that are left are enlarged to the picture.
 */
export async function segmentPicture(
  network: SamNetwork,
  pixels: Pixels,
  settings: SamSettings,
  hints?: MaskHints,
): Promise<PictureMasks> {
  const { width, height } = pixels;
  const found: Found[] = [];
  let prompts = 0;
  const crops = cropBoxes(width, height, settings.cropLayers, settings.cropOverlap);
  for (const crop of crops) {
    const touches = (box: Candidate['box']): boolean => isCutOff(box, crop, pixels);
    const result = await segmentCrop(network, cut(pixels, crop), crop, settings, hints, touches);
    prompts += result.prompts;
    for (const candidate of result.candidates) found.push({ candidate, frame: result.frame, crop });
  }
  // Masks of smaller crops are finer, so they win over those of larger ones.
  const kept =
    crops.length === 1
      ? found
      : boxNms(
          found.flatMap(({ candidate: { box }, crop: { x0, y0 } }) => [
            box[0] + x0,
            box[1] + y0,
            box[2] + x0,
            box[3] + y0,
          ]),
          found.map(({ crop }) => 1 / ((crop.x1 - crop.x0) * (crop.y1 - crop.y0))),
          settings.maxCropBoxIou,
        ).map((i) => found[i]!);
  const bitmaps = kept.map(({ candidate, frame, crop }) =>
    rasterise(candidate, frame, crop, settings.maskThreshold, width, height),
  );
  const score = kept.map(({ candidate }) => candidate.score);
  const masks =
    settings.minRegionArea > 0
      ? cleaned(bitmaps, score, pixels, settings)
      : segmentMasks(width, height, bitmaps.map(encodeRuns), score);
  return { masks, prompts };
}

/** Without small holes and islands; of masks that are alike afterwards one stays, rather one that needed no change. */
function cleaned(
  bitmaps: readonly Uint8Array[],
  score: readonly number[],
  { width, height }: Pixels,
  { minRegionArea, maxBoxIou, maxCropBoxIou }: SamSettings,
): SegmentMasks {
  const unchanged = bitmaps.map((bitmap) =>
    Number(!removeSmallRegions(bitmap, width, height, minRegionArea)),
  );
  const runs: RunLengths[] = bitmaps.map(encodeRuns);
  // Boxes with the last column and row inclusive, as the original compares them.
  const boxes = segmentMasks(width, height, runs, score).box.map((edge, i) => (i % 4 < 2 ? edge : edge - 1));
  const kept = boxNms(boxes, unchanged, Math.max(maxBoxIou, maxCropBoxIou));
  return segmentMasks(
    width,
    height,
    kept.map((i) => runs[i]!),
    kept.map((i) => score[i]!),
  );
}

function cut(pixels: Pixels, { x0, y0, x1, y1 }: CropBox): Pixels {
  const [width, height] = [x1 - x0, y1 - y0];
  if (width === pixels.width && height === pixels.height) return pixels;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((y0 + y) * pixels.width + x0) * 3;
    data.set(pixels.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}

/** Pixels from a crop's edge within which a mask ends there, in the original generator. */
const NEAR_EDGE = 20;

/** Whether a mask (its box in the crop) ends at a crop's edge inside the picture: the crop may have cut it. */
function isCutOff(box: Candidate['box'], crop: CropBox, { width, height }: Pixels): boolean {
  const ends = [crop.x0, crop.y0, crop.x1, crop.y1];
  const limits = [0, 0, width, height];
  return box.some((edge, side) => {
    const at = edge + (side % 2 === 0 ? crop.x0 : crop.y0);
    return Math.abs(at - ends[side]!) <= NEAR_EDGE && Math.abs(at - limits[side]!) > NEAR_EDGE;
  });
}
