import type { PinholeCamera, Pose } from '../types.js';
import { imageOfDirection } from './image-of-direction.js';

export interface ProjectPointsOptions {
  /** Metres in front of the camera below which nothing projects. Default 0.1. */
  readonly minDepth?: number;
}

/** Where points land in an image. */
export interface ProjectedPoints {
  /** [N] column coordinate in pixels, the centre of pixel 0 at 0.5; NaN where depth < minDepth, or beyond the lens's limit. */
  readonly u: Float32Array;
  /** [N] row coordinate in pixels; NaN where depth < minDepth, or beyond the lens's limit. */
  readonly v: Float32Array;
  /** [N] metres along the optical axis; negative behind the camera. */
  readonly depth: Float32Array;
  /** [N] 1 where depth >= minDepth, 0 <= u < width and 0 <= v < height: floor(u), floor(v) is then a pixel. */
  readonly visible: Uint8Array;
}

/**
 * Projects points into a camera (x right, y down, z forward), through its lens where it has a distortion. Occlusion is not considered.
 *
 * @param positions [N*3] metres, LiDAR frame.
 * @param cameraFromLidar see `cameraFromLidarChain`.
 * @throws RangeError when the length of `positions` is not a multiple of 3.
 */
export const projectPoints = (
  positions: Float32Array,
  cameraFromLidar: Pose,
  camera: PinholeCamera,
  options: ProjectPointsOptions = {},
): ProjectedPoints => {
  if (positions.length % 3 !== 0)
    throw new RangeError(`projectPoints: ${positions.length} coordinates, not [N*3]`);
  const { minDepth = 0.1 } = options;
  const count = positions.length / 3;
  const u = new Float32Array(count);
  const v = new Float32Array(count);
  const depth = new Float32Array(count);
  const visible = new Uint8Array(count);
  const [a, b, c, , d, e, f, , g, h, i, , tx, ty, tz] = cameraFromLidar;
  const { width, height } = camera;
  const at = new Float64Array(2);
  for (let n = 0, p = 0; n < count; n++, p += 3) {
    const x = positions[p];
    const y = positions[p + 1];
    const z = positions[p + 2];
    const zc = c * x + f * y + i * z + tz;
    depth[n] = zc;
    const xc = (a * x + d * y + g * z + tx) / zc;
    const yc = (b * x + e * y + h * z + ty) / zc;
    if (!(zc >= minDepth && zc > 0 && imageOfDirection(camera, xc, yc, at))) {
      u[n] = Number.NaN;
      v[n] = Number.NaN;
      continue;
    }
    u[n] = at[0];
    v[n] = at[1];
    // Judged after rounding to float32, so that floor of what the caller reads is inside the image.
    if (u[n] >= 0 && u[n] < width && v[n] >= 0 && v[n] < height) visible[n] = 1;
  }
  return { u, v, depth, visible };
};
