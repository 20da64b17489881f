import type { RunLengths, SegmentMasks } from '@nerfseg/geometry';
import { boxNms } from '../masks/box-nms.js';
import { encodeRuns } from '../masks/encode-runs.js';
import { removeSmallRegions } from '../masks/remove-small-regions.js';
import { segmentMasks } from '../masks/segment-masks.js';
import type { Pixels } from '../sources/check-image.js';
import { type CropBox, cropBoxes } from './crop-boxes.js';
import { enlarge } from './enlarge.js';
import type { SamNetwork } from './network.js';
import type { SamSettings } from './options.js';
import { segmentCrop } from './segment-crop.js';

/** Masks of a picture, and what they took. */
export interface PictureMasks {
  readonly masks: SegmentMasks;
  /** Prompts that were decoded, over all crops. */
  readonly prompts: number;
}

/** Automatic masks of a picture: every crop is prompted on its own, then their masks are merged. */
export async function segmentPicture(
  network: SamNetwork,
  pixels: Pixels,
  settings: SamSettings,
): Promise<PictureMasks> {
  const { width, height } = pixels;
  const found: { runs: RunLengths; score: number; crop: CropBox }[] = [];
  let prompts = 0;
  for (const crop of cropBoxes(width, height, settings.cropLayers, settings.cropOverlap)) {
    const result = await segmentCrop(network, cut(pixels, crop), settings);
    prompts += result.prompts;
    for (const candidate of result.candidates) {
      const bitmap = enlarge(candidate, crop, result, width, height);
      if (settings.minRegionArea > 0) removeSmallRegions(bitmap, width, height, settings.minRegionArea);
      const area = bitmap.reduce((sum, inside) => sum + inside, 0);
      if (area >= Math.max(1, settings.minRegionArea))
        found.push({ runs: encodeRuns(bitmap), score: candidate.score, crop });
    }
  }
  const collect = (items: typeof found): SegmentMasks =>
    segmentMasks(
      width,
      height,
      items.map((item) => item.runs),
      items.map((item) => item.score),
    );
  if (settings.cropLayers === 0) return { masks: collect(found), prompts };
  const boxes = collect(found).box;
  const complete = found.filter((item, i) => !isCutOff(boxes.subarray(4 * i, 4 * i + 4), item.crop, pixels));
  // Masks of smaller crops are finer, so they win over those of larger ones.
  const kept = boxNms(
    collect(complete).box,
    complete.map(({ crop }) => 1 / ((crop.x1 - crop.x0) * (crop.y1 - crop.y0))),
    settings.maxBoxIou,
  );
  return { masks: collect(kept.map((i) => complete[i]!)), prompts };
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

/** Whether a mask ends at a crop's edge inside the picture: the crop may have cut it. */
function isCutOff(box: Int32Array, crop: CropBox, { width, height }: Pixels): boolean {
  const near = Math.max(1, 0.01 * Math.max(crop.x1 - crop.x0, crop.y1 - crop.y0));
  const touches = (edge: number, end: number, limit: number): boolean =>
    Math.abs(edge - end) <= near && end !== 0 && end !== limit;
  return (
    touches(box[0]!, crop.x0, width) ||
    touches(box[1]!, crop.y0, height) ||
    touches(box[2]!, crop.x1, width) ||
    touches(box[3]!, crop.y1, height)
  );
}
