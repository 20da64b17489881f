import type { Image } from '../types.js';
import { image } from './image.js';

/** For each target pixel the source pixels it is mixed from: first, and weights that sum to 1. */
interface Mix {
  readonly first: Int32Array;
  readonly count: number;
  /** [target * count]. */
  readonly weights: Float64Array;
}

/**
 * Resizes an image: the area average of what a pixel covers where it shrinks, bilinear between pixel centres where it
 * grows. The image's corners stay corners, so that `resizeCamera` is exact: target pixel i has its centre at
 * (i + 0.5) * source / target.
 *
 * @throws RangeError unless width and height are positive integers.
 */
export const resizeImage = (source: Image, width: number, height: number): Image => {
  const result = image(width, height);
  const [rows, columns] = source.shape;
  const across = mix(columns, width);
  const down = mix(rows, height);
  const line = new Float64Array(columns * 3);
  for (let y = 0; y < height; y++) {
    line.fill(0);
    for (let k = 0; k < down.count; k++) {
      const weight = down.weights[y * down.count + k];
      if (weight === 0) continue;
      const start = source.offset + (down.first[y] + k) * columns * 3;
      for (let i = 0; i < line.length; i++) line[i] += weight * source.data[start + i];
    }
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let k = 0; k < across.count; k++) {
          const weight = across.weights[x * across.count + k];
          if (weight !== 0) sum += weight * line[(across.first[x] + k) * 3 + channel];
        }
        result.data[(y * width + x) * 3 + channel] = Math.round(sum);
      }
  }
  return result;
};

const mix = (source: number, target: number): Mix => {
  const scale = source / target;
  const reach = Math.max(scale, 1);
  // A box of `scale` pixels where it shrinks; where it grows, the two neighbouring centres.
  const count = scale > 1 ? Math.ceil(reach) + 1 : 2;
  const first = new Int32Array(target);
  const weights = new Float64Array(target * count);
  for (let i = 0; i < target; i++) {
    if (scale > 1) {
      const [begin, end] = [i * scale, (i + 1) * scale];
      first[i] = Math.floor(begin);
      for (let k = 0; k < count; k++) {
        const pixel = first[i] + k;
        weights[i * count + k] =
          Math.max(0, Math.min(end, pixel + 1, source) - Math.max(begin, pixel)) / scale;
      }
    } else {
      const centre = Math.min(source - 1, Math.max(0, (i + 0.5) * scale - 0.5));
      first[i] = Math.floor(centre);
      weights[i * count + 1] = centre - first[i];
      weights[i * count] = 1 - weights[i * count + 1];
    }
  }
  return { first, count, weights };
};
