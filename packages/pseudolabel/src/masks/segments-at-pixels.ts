import type { SegmentMasks } from '@nerfseg/geometry';
import { keptLabelMap } from './kept-label-map.js';
import type { MaskPriority } from './to-label-map.js';

/**
 * The mask that each pixel belongs to: the smallest (or best-scored) of those that cover it.
 *
 * @param pixels [R*2] column, row; anything outside of the picture, the -1, -1 of LiDAR rays among it, gets -1.
 * @returns [R] index into `masks.masks`, or -1 where no mask lies.
 */
export function segmentsAtPixels(
  masks: SegmentMasks,
  pixels: Int32Array,
  priority: MaskPriority = 'smallest',
): Int32Array {
  const { width, height } = masks;
  const labels = keptLabelMap(masks, priority);
  const segments = new Int32Array(pixels.length >> 1);
  for (let r = 0; r < segments.length; r++) {
    const x = pixels[2 * r]!;
    const y = pixels[2 * r + 1]!;
    segments[r] = x >= 0 && x < width && y >= 0 && y < height ? labels[y * width + x]! : -1;
  }
  return segments;
}
