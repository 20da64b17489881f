import type { LensDistortion } from '../types.js';
import { distort } from './distort.js';

/** Newton's steps; a handful is usual, more are bisections near a lens's limit. */
const mostSteps = 60;
/** On the plane z = 1: a millionth of a thousandth of a pixel at a focal length of 1000. */
const precision = 1e-12;
/** Shares of the radius that Newton's method in the plane begins at, one after another. */
const starts = [1, 0.95, 0.85];

/**
 * The inverse of {@link distort}: the direction (x, y, 1) that the lens puts at (xd, yd). The radius is found first,
 * by Newton's method kept inside its bracket, then Newton's method in the plane adds the tangential part. (OpenCV's
 * fixed-point iteration diverges for strong distortion, and does not say so.)
 *
 * @param out [2] gets x, y; meaningless where there is none.
 * @returns whether there is such a direction within the lens's limit, and it was found to 1e-12.
 */
export const undistort = (lens: LensDistortion, xd: number, yd: number, out: Float64Array): boolean => {
  const distance = Math.hypot(xd, yd);
  const inward = solveRadius(lens, distance);
  const scale = distance > 0 ? inward / distance : 1;
  if (lens.model === 'fisheye') {
    const factor = distance > 0 ? Math.tan(inward) / distance : 1;
    out[0] = xd * factor;
    out[1] = yd * factor;
    return inward < Math.PI / 2 && Math.abs(radius(lens, inward) - distance) <= precision * (1 + distance);
  }
  // Near the limit the tangential part may carry a ray farther than the radial one reaches: what is found of the radius is then the
  // limit itself, where the image folds, and the way to the ray begins inside.
  return starts.some((share) => solvePlane(lens, xd, yd, xd * scale * share, yd * scale * share, out));
};

/** The radial part: of the tangent's length (radial-tangential) or of the angle (fisheye). */
const radius = ({ model, coefficients: c }: LensDistortion, r: number): number => {
  const s = r * r;
  return model === 'fisheye'
    ? r * (1 + s * (c[0] + s * (c[1] + s * (c[2] + s * c[3]))))
    : (r * (1 + s * (c[0] + s * (c[1] + s * c[4])))) / (1 + s * (c[5] + s * (c[6] + s * c[7])));
};

const slope = ({ model, coefficients: c }: LensDistortion, r: number): number => {
  const s = r * r;
  if (model === 'fisheye') return 1 + s * (3 * c[0] + s * (5 * c[1] + s * (7 * c[2] + s * 9 * c[3])));
  const over = 1 + s * (c[0] + s * (c[1] + s * c[4]));
  const under = 1 + s * (c[5] + s * (c[6] + s * c[7]));
  const dOver = c[0] + s * (2 * c[1] + s * 3 * c[4]);
  const dUnder = c[5] + s * (2 * c[6] + s * 3 * c[7]);
  return over / under + (2 * s * (dOver * under - over * dUnder)) / (under * under);
};

/** The radial part is monotonic up to the limit: the radius that it takes to `distance`, or the limit. */
const solveRadius = (lens: LensDistortion, distance: number): number => {
  let low = 0;
  let high = lens.limit;
  let r = Math.min(distance, high);
  for (let step = 0; step < mostSteps; step++) {
    const error = radius(lens, r) - distance;
    // Beyond a pole's reach the radius is not a number or infinite: too far out.
    if (error < 0) low = r;
    else high = r;
    if (Math.abs(error) <= precision * 0.1) break;
    const next = r - error / slope(lens, r);
    r = next > low && next < high ? next : (low + high) / 2;
  }
  return r;
};

const solvePlane = (
  lens: LensDistortion,
  xd: number,
  yd: number,
  x0: number,
  y0: number,
  out: Float64Array,
): boolean => {
  const c = lens.coefficients;
  let x = x0;
  let y = y0;
  let dx = 0;
  let dy = 0;
  // Too far, beyond the limit or where the image is folded: half the way back. Near a pole Newton's method leaps over it.
  const retreat = (): boolean => {
    dx /= 2;
    dy /= 2;
    x -= dx;
    y -= dy;
    return dx !== 0 || dy !== 0;
  };
  for (let step = 0; step < mostSteps; step++) {
    if (!distort(lens, x, y, out)) {
      if (retreat()) continue;
      return false;
    }
    const ex = out[0] - xd;
    const ey = out[1] - yd;
    if (Math.abs(ex) + Math.abs(ey) <= precision * (1 + Math.abs(xd) + Math.abs(yd))) {
      out[0] = x;
      out[1] = y;
      return true;
    }
    const s = x * x + y * y;
    const over = 1 + s * (c[0] + s * (c[1] + s * c[4]));
    const under = 1 + s * (c[5] + s * (c[6] + s * c[7]));
    const radial = over / under;
    // d radial / ds, and the rest of the derivatives by x and y.
    const bend =
      ((c[0] + s * (2 * c[1] + s * 3 * c[4])) * under - over * (c[5] + s * (2 * c[6] + s * 3 * c[7]))) /
      (under * under);
    const prismX = 2 * (c[8] + 2 * c[9] * s);
    const prismY = 2 * (c[10] + 2 * c[11] * s);
    const xx = radial + 2 * bend * x * x + 2 * c[2] * y + 6 * c[3] * x + prismX * x;
    const xy = 2 * bend * x * y + 2 * c[2] * x + 2 * c[3] * y + prismX * y;
    const yx = 2 * bend * x * y + 2 * c[2] * x + 2 * c[3] * y + prismY * x;
    const yy = radial + 2 * bend * y * y + 6 * c[2] * y + 2 * c[3] * x + prismY * y;
    const determinant = xx * yy - xy * yx;
    // Folded: the tangential part has turned the image over here.
    if (!(determinant > 0)) {
      if (retreat()) continue;
      return false;
    }
    dx = (xy * ey - yy * ex) / determinant;
    dy = (yx * ex - xx * ey) / determinant;
    x += dx;
    y += dy;
  }
  return false;
};
