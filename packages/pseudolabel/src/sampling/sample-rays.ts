import type { Random, SegmentMasks } from '@nerfseg/geometry';
import { keptLabelMap } from '../masks/kept-label-map.js';
import type { MaskPriority } from '../masks/to-label-map.js';
import { allocate } from './allocate.js';
import { borderDistance } from './border-distance.js';
import { pixelsBySegment } from './pixels-by-segment.js';

export interface SampleRaysOptions {
  /**
   * `segment` (default): every segment has its share, see `power`. `uniform`: every pixel of the picture has the same
   * chance, inside masks or not; `power` and `outside` do not matter. `border`: as `segment`, and within a segment pixels
   * at its border count up to 3 times as much as those 6 pixels inside or farther. (`entropySample` is the fourth: it
   * needs a first rendering.)
   */
  readonly strategy?: 'segment' | 'uniform' | 'border';
  /**
   * A segment's share of the budget grows with its visible area to this power: 1 is plain uniform sampling, which
   * starves small segments, 0 gives all segments the same. Default 0.5.
   */
  readonly power?: number;
  /** Share of the budget for pixels that no mask covers; default 0: fusion cannot label them. */
  readonly outside?: number;
  /** Segments with fewer visible pixels get no rays; default 1. */
  readonly minArea?: number;
  readonly priority?: MaskPriority;
}

/**
 * Chooses the pixels to cast rays through, segment by segment, so that small segments are not starved. Within a segment
 * the pixels are spread row by row, and none is chosen twice.
 *
 * @param budget rays wanted; fewer come back when the masks have fewer pixels, none when there are no masks and
 * `outside` is 0.
 * @returns [R*2] column, row; grouped by segment.
 */
export function sampleRays(
  masks: SegmentMasks,
  budget: number,
  random: Random,
  options: SampleRaysOptions = {},
): Int32Array {
  const { power = 0.5, outside = 0, minArea = 1, strategy = 'segment' } = options;
  if (strategy === 'uniform') {
    const size = masks.width * masks.height;
    const rays = Math.min(size, budget);
    const shift = random.next();
    const even = Array.from({ length: rays }, (_, k) =>
      Math.min(size - 1, Math.floor(((k + shift) * size) / rays)),
    );
    return toPixels(even, masks.width);
  }
  const count = masks.masks.length;
  // Pixels of no mask become one more segment, the last one.
  const labels = keptLabelMap(masks, options.priority).map((m) => (m < 0 ? count : m));
  const { offsets, order } = pixelsBySegment(labels, count + 1);
  const capacity = Int32Array.from({ length: count }, (_, m) => offsets[m + 1]! - offsets[m]!);
  const weights = Float64Array.from(capacity, (area) => (area >= Math.max(1, minArea) ? area ** power : 0));
  const outsideArea = offsets[count + 1]! - offsets[count]!;
  const outsideRays = Math.min(outsideArea, Math.round(budget * outside));
  const shares = [...allocate(weights, capacity, budget - outsideRays, random.next()), outsideRays];
  const distance = strategy === 'border' ? borderDistance(labels, masks.width, masks.height, 6) : undefined;
  const chosen: number[] = [];
  shares.forEach((rays, m) => {
    const pixels = order.subarray(offsets[m]!, offsets[m + 1]!);
    const shift = random.next();
    if (distance !== undefined) {
      const weights = Float64Array.from(pixels, (pixel) => 1 + (2 * (6 - distance[pixel]!)) / 6);
      const taken = allocate(weights, new Uint8Array(pixels.length).fill(1), rays, shift);
      for (let k = 0; k < taken.length; k++) if (taken[k]! > 0) chosen.push(pixels[k]!);
      return;
    }
    for (let k = 0; k < rays; k++)
      chosen.push(pixels[Math.min(pixels.length - 1, Math.floor(((k + shift) * pixels.length) / rays))]!);
  });
  return toPixels(chosen, masks.width);
}

/** Pixel indices as [R*2] column, row. */
export function toPixels(indices: readonly number[], width: number): Int32Array {
  const pixels = new Int32Array(indices.length * 2);
  indices.forEach((index, r) => {
    pixels[2 * r] = index % width;
    pixels[2 * r + 1] = Math.floor(index / width);
  });
  return pixels;
}
