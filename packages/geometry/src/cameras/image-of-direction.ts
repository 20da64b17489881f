import type { PinholeCamera } from '../types.js';
import { distort } from './distort.js';

/**
 * Where the direction (x, y, 1) of the camera's frame falls in the image, lens included; the one projection that all
 * others go through.
 *
 * @param out [2] gets u, v in pixels (they may lie outside the image).
 * @returns false, with `out` meaningless, for a direction that the lens model does not reach.
 */
export const imageOfDirection = (
  { intrinsics: k, distortion }: PinholeCamera,
  x: number,
  y: number,
  out: Float64Array,
): boolean => {
  out[0] = x;
  out[1] = y;
  if (distortion && !distort(distortion, x, y, out)) return false;
  out[0] = k[0] * out[0] + k[1] * out[1] + k[2];
  out[1] = k[4] * out[1] + k[5];
  return true;
};
