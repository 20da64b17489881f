import type { LensDistortion } from '../types.js';

/**
 * Where the lens puts the direction (x, y, 1), on the plane z = 1 before the intrinsics; OpenCV's formulas
 * (calib3d: projectPoints, fisheye::projectPoints).
 *
 * @param out [2] gets x, y; unchanged beyond the lens's limit.
 * @returns whether the direction is within the limit.
 */
export const distort = (lens: LensDistortion, x: number, y: number, out: Float64Array): boolean => {
  const c = lens.coefficients;
  const s = x * x + y * y;
  if (lens.model === 'fisheye') {
    const r = Math.sqrt(s);
    const theta = Math.atan(r);
    if (!(theta <= lens.limit)) return false;
    const t = theta * theta;
    const scale = r > 0 ? (theta * (1 + t * (c[0] + t * (c[1] + t * (c[2] + t * c[3]))))) / r : 1;
    out[0] = x * scale;
    out[1] = y * scale;
    return true;
  }
  if (!(s <= lens.limit * lens.limit)) return false;
  const radial = (1 + s * (c[0] + s * (c[1] + s * c[4]))) / (1 + s * (c[5] + s * (c[6] + s * c[7])));
  const xy = 2 * x * y;
  out[0] = x * radial + c[2] * xy + c[3] * (s + 2 * x * x) + s * (c[8] + s * c[9]);
  out[1] = y * radial + c[2] * (s + 2 * y * y) + c[3] * xy + s * (c[10] + s * c[11]);
  return true;
};
