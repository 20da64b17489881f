import type { Pose } from '../types.js';

/**
 * The inverse of a rigid transform: `invertPose(egoFromLidar)` is `lidarFromEgo`. The rotation is transposed,
 * which is exact and cheaper than a general 4x4 inverse.
 */
export const invertPose = (pose: Pose): Pose => {
  const [a, b, c, , d, e, f, , g, h, i, , x, y, z] = pose;
  return Float64Array.of(
    a,
    d,
    g,
    0,
    b,
    e,
    h,
    0,
    c,
    f,
    i,
    0,
    -(a * x + b * y + c * z),
    -(d * x + e * y + f * z),
    -(g * x + h * y + i * z),
    1,
  );
};
