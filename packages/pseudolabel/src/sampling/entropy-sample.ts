import type { PseudoLabels, Random, SegmentMasks } from '@nerfseg/geometry';
import { keptLabelMap } from '../masks/kept-label-map.js';
import type { MaskPriority } from '../masks/to-label-map.js';
import { allocate } from './allocate.js';
import { borderDistance } from './border-distance.js';
import { pixelsBySegment } from './pixels-by-segment.js';
import { toPixels } from './sample-rays.js';
import { spreadSamples } from './spread-samples.js';

/** A first, sparse rendering. */
export interface CoarseRendering {
  /** [R*2] column, row. */
  readonly pixels: Int32Array;
  /** [R] normalised to 0..1. */
  readonly entropy: ArrayLike<number>;
}

export interface EntropySampleOptions {
  /** What fusion made of the first rendering: only masks that it kept get rays. Left out, all masks do. */
  readonly labels?: PseudoLabels;
  /** As in `sampleRays`, times the segment's mean entropy; default 0.5. */
  readonly power?: number;
  /** Pixels from a segment's border over which the boost falls to nothing; default 6. */
  readonly borderWidth?: number;
  /** A pixel at the border counts 1 + this times as much as one inside; default 2. */
  readonly borderBoost?: number;
  /** Added to every entropy, so that sure regions are still looked at; default 0.05. */
  readonly floor?: number;
  readonly priority?: MaskPriority;
}

/**
 * Where a second rendering's rays should go, given a first one's entropies: to the unsure pixels, those at the borders
 * of their segments above all. There the segment knows better than the network, so there its label teaches most.
 *
 * A pixel's entropy is that of the nearest first ray inside its segment (1 where there was none, or it is NaN). Pixels are drawn per
 * segment, without repetition and without those of the first rendering, with a chance proportional to
 * (floor + entropy) * (1 + borderBoost * closeness to the border).
 *
 * @returns [R*2] column, row; R is at most `budget`.
 * @throws RangeError when there are not as many entropies as first rays.
 */
export function entropySample(
  masks: SegmentMasks,
  coarse: CoarseRendering,
  budget: number,
  random: Random,
  options: EntropySampleOptions = {},
): Int32Array {
  const { power = 0.5, borderWidth = 6, borderBoost = 2, floor = 0.05 } = options;
  const { width, height } = masks;
  if (coarse.entropy.length * 2 !== coarse.pixels.length)
    throw new RangeError(
      `entropySample: ${coarse.pixels.length / 2} pixels, ${coarse.entropy.length} entropies`,
    );
  const count = masks.masks.length;
  const labels = keptLabelMap(masks, options.priority);
  const nearest = spreadSamples(labels, width, height, coarse.pixels);
  const distance = borderDistance(labels, width, height, borderWidth);
  const weight = new Float64Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    const known = nearest[i]! < 0 ? 1 : coarse.entropy[nearest[i]!]!;
    const entropy = Number.isNaN(known) ? 1 : known;
    weight[i] =
      (floor + entropy) * (1 + (borderBoost * (borderWidth - distance[i]!)) / Math.max(1, borderWidth));
  }
  for (let r = 0; r < coarse.pixels.length >> 1; r++) {
    const [x, y] = [coarse.pixels[2 * r]!, coarse.pixels[2 * r + 1]!];
    if (x >= 0 && y >= 0 && x < width && y < height) weight[y * width + x] = 0;
  }
  const { offsets, order } = pixelsBySegment(labels, count);
  const open = openMasks(count, options.labels);
  const capacity = new Int32Array(count);
  const share = new Float64Array(count);
  for (let m = 0; m < count; m++) {
    if (open[m] === 0) continue;
    let sum = 0;
    for (let k = offsets[m]!; k < offsets[m + 1]!; k++) {
      const w = weight[order[k]!]!;
      sum += w;
      if (w > 0) capacity[m]!++;
    }
    if (capacity[m]! > 0) share[m] = (sum / capacity[m]!) * capacity[m]! ** power;
  }
  const rays = allocate(share, capacity, budget, random.next());
  const chosen: number[] = [];
  for (let m = 0; m < count; m++) {
    const shift = random.next();
    if (rays[m] === 0) continue;
    const pixels = order.subarray(offsets[m]!, offsets[m + 1]!);
    const weights = new Float64Array(pixels.length);
    const once = new Uint8Array(pixels.length);
    for (let k = 0; k < pixels.length; k++) {
      weights[k] = weight[pixels[k]!]!;
      once[k] = weights[k]! > 0 ? 1 : 0;
    }
    const taken = allocate(weights, once, rays[m]!, shift);
    for (let k = 0; k < taken.length; k++) if (taken[k]! > 0) chosen.push(pixels[k]!);
  }
  return toPixels(chosen, width);
}

/** [count] 1 for the masks that may get rays. */
function openMasks(count: number, labels: PseudoLabels | undefined): Uint8Array {
  const open = new Uint8Array(count).fill(labels === undefined ? 1 : 0);
  for (const segment of labels?.segments ?? []) if (segment.classId !== 0) open[segment.mask] = 1;
  return open;
}
