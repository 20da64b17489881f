import type { PinholeCamera } from '../types.js';
import { undistort } from './undistort.js';

/**
 * The direction (x, y, 1), camera frame, that falls on image coordinates (u, v), lens included; the inverse of
 * {@link imageOfDirection}.
 *
 * @param out [2] gets x, y.
 * @returns false, with `out` NaN, where no direction falls on (u, v): outside of the lens model's range.
 */
export const directionOfImage = (
  { intrinsics: k, distortion }: PinholeCamera,
  u: number,
  v: number,
  out: Float64Array,
): boolean => {
  const y = (v - k[5]) / k[4];
  const x = (u - k[2] - k[1] * y) / k[0];
  out[0] = x;
  out[1] = y;
  if (!distortion || undistort(distortion, x, y, out)) return true;
  out.fill(Number.NaN);
  return false;
};
