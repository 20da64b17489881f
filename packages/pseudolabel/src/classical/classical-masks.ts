import type { SegmentMasks } from '@nerfseg/geometry';
import { map } from 'fp-ts/lib/Either.js';
import { segmentMasks } from '../masks/segment-masks.js';
import { pixelsBySegment } from '../sampling/pixels-by-segment.js';
import { checkImage, type Pixels } from '../sources/check-image.js';
import type { MaskSource } from '../sources/types.js';
import { blur } from './blur.js';
import { felzenszwalb } from './felzenszwalb.js';

/** Options of {@link classicalMasks}. */
export interface ClassicalOptions {
  /** Gaussian blur before segmentation, pixels; default 0.8. */
  readonly sigma?: number;
  /** Larger: larger segments; in grey levels times pixels, default 500. */
  readonly k?: number;
  /** Fewest pixels of a segment; default 1/2000 of the picture, at least 20. */
  readonly minSize?: number;
}

/**
 * Segments by colour alone (Felzenszwalb and Huttenlocher 2004): the stand-in where Segment-Anything's weights or its
 * runtime are absent. The masks do not overlap and cover the whole picture, but know nothing of objects: shadows,
 * windows and stripes are cut out, and a grey car on a grey road is not. Deterministic, pure JavaScript.
 *
 * The score is 1 - (root mean square of the colours' distances from the segment's mean) / 128, at least 0.
 * Fails with `mismatch`, `empty` or `truncated` for something that is no picture.
 *
 * @throws RangeError for an option that is no positive number (`sigma` may be 0).
 */
export function classicalMasks(options: ClassicalOptions = {}): MaskSource {
  const { sigma = 0.8, k = 500, minSize } = options;
  if (!(sigma >= 0 && sigma <= 100 && k > 0 && (minSize ?? 1) > 0))
    throw new RangeError(`classicalMasks: sigma ${sigma}, k ${k}, minSize ${minSize}`);
  return {
    name: 'classical-felzenszwalb',
    settings: { sigma, k, minSize: minSize ?? null },
    segment: (image, key) => async () =>
      map((pixels: Pixels) =>
        segmentColors(pixels, sigma, k, minSize ?? Math.max(20, (pixels.width * pixels.height) / 2000)),
      )(checkImage(image, key)),
  };
}

function segmentColors(pixels: Pixels, sigma: number, k: number, minSize: number): SegmentMasks {
  const { width, height } = pixels;
  const { labels, count } = felzenszwalb(blur(pixels, sigma), width, height, { k, minSize });
  const { offsets, order } = pixelsBySegment(labels, count);
  const masks: Uint32Array[] = [];
  const scores: number[] = [];
  for (let s = 0; s < count; s++) {
    const inside = order.subarray(offsets[s]!, offsets[s + 1]!);
    masks.push(runsOfSorted(inside, width * height));
    scores.push(Math.max(0, 1 - colorDeviation(pixels.data, inside) / 128));
  }
  return segmentMasks(width, height, masks, scores);
}

/** Run lengths of a mask given as ascending pixel indices. */
function runsOfSorted(inside: Int32Array, size: number): Uint32Array {
  const runs: number[] = [];
  let end = 0;
  for (let i = 0; i < inside.length; ) {
    const start = inside[i]!;
    let next = start;
    while (i < inside.length && inside[i] === next) {
      i++;
      next++;
    }
    runs.push(start - end, next - start);
    end = next;
  }
  if (end < size) runs.push(size - end);
  return Uint32Array.from(runs);
}

function colorDeviation(data: Uint8Array, inside: Int32Array): number {
  let variance = 0;
  for (let c = 0; c < 3; c++) {
    let [sum, squares] = [0, 0];
    for (const pixel of inside) {
      const value = data[3 * pixel + c]!;
      sum += value;
      squares += value * value;
    }
    variance += Math.max(0, squares / inside.length - (sum / inside.length) ** 2);
  }
  return Math.sqrt(variance);
}
