import type { Pose } from '../types.js';

/** Applies R and, where `withTranslation`, t to every point; float64 inside, rounded to the array's type. */
export const applyPose = <A extends Float32Array | Float64Array>(
  pose: Pose,
  source: A,
  out: A,
  withTranslation: boolean,
): A => {
  if (source.length % 3 !== 0 || out.length !== source.length)
    throw new RangeError(`${source.length} coordinates into ${out.length}: not [N*3] both`);
  const [a, b, c, , d, e, f, , g, h, i] = pose;
  const tx = withTranslation ? pose[12] : 0;
  const ty = withTranslation ? pose[13] : 0;
  const tz = withTranslation ? pose[14] : 0;
  for (let p = 0; p < source.length; p += 3) {
    const x = source[p];
    const y = source[p + 1];
    const z = source[p + 2];
    out[p] = a * x + d * y + g * z + tx;
    out[p + 1] = b * x + e * y + h * z + ty;
    out[p + 2] = c * x + f * y + i * z + tz;
  }
  return out;
};

/**
 * Points moved by a pose: `transformPoints(egoFromLidar, lidarPoints)` are the points in the ego frame.
 *
 * The sums are float64; the result has the type of the input. Global coordinates in float32 lose millimetres beyond
 * some kilometres: pass a Float64Array for those, or stay in a local frame.
 *
 * @param positions [N*3] metres.
 * @returns a new [N*3] array.
 * @throws RangeError when the length is not a multiple of 3.
 */
export function transformPoints(pose: Pose, positions: Float32Array): Float32Array;
export function transformPoints(pose: Pose, positions: Float64Array): Float64Array;
export function transformPoints(
  pose: Pose,
  positions: Float32Array | Float64Array,
): Float32Array | Float64Array {
  return positions instanceof Float64Array
    ? applyPose(pose, positions, new Float64Array(positions.length), true)
    : applyPose(pose, positions, new Float32Array(positions.length), true);
}
