import { castToPoints, type MeasuredRays } from './cast-to-points.js';

export interface LidarRayOptions {
  /** The sensor's place in the frame of the points, metres. Default 0, 0, 0; an augmented scan moves it. */
  readonly origin?: readonly [number, number, number];
  /** Metres. Default 0. */
  readonly near?: number;
  /** Metres. Default: 1 m behind the farthest of the returns. */
  readonly far?: number;
}

/**
 * Rays from the LiDAR through its returns: free space before the return, matter at it. What supervises density
 * without any label (see `densityLikelihood`).
 *
 * @param positions [N*3] metres.
 * @param indices [R] which points.
 * @returns rays with pixels -1, -1, and range [R] metres.
 */
export const castLidarRays = (
  positions: Float32Array,
  indices: Int32Array,
  options: LidarRayOptions = {},
): MeasuredRays =>
  castToPoints(options.origin ?? [0, 0, 0], positions, indices, options.near ?? 0, options.far);
