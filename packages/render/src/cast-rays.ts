import { directionOfImage, type RayBundle } from '@nerfseg/geometry';
import { cameraCentre } from './camera-centre.js';
import { checkLimits } from './check-limits.js';
import type { RayCamera, RayLimits } from './types.js';

/**
 * Rays of a camera through pixel centres, in the LiDAR frame at the LiDAR's time: pixel (column, row) has its ray
 * through K^-1 (column + 0.5, row + 0.5, 1), without the lens's distortion. A pixel that the lens model gives no ray
 * (the black corners of a fisheye) has NaN as its direction, and `marchRays` no samples for it.
 *
 * @param camera intrinsics (pixels), distortion and `cameraFromLidar` (metres, camera z forward).
 * @param pixels [R*2] column, row. They may lie outside the image.
 * @param limits metres along the ray (range, not the camera's z).
 */
export const castRays = (camera: RayCamera, pixels: Int32Array, limits: RayLimits): RayBundle => {
  checkLimits(limits);
  if (pixels.length % 2 !== 0) throw new RangeError(`pixels: found ${pixels.length} values, expected pairs`);
  const m = camera.cameraFromLidar;
  const count = pixels.length / 2;
  const origins = new Float32Array(count * 3);
  const directions = new Float32Array(count * 3);
  const centre = cameraCentre(m);
  const at = new Float64Array(2);
  for (let r = 0; r < count; r++) {
    directionOfImage(camera, pixels[r * 2] + 0.5, pixels[r * 2 + 1] + 0.5, at);
    const [x, y] = at;
    const scale = 1 / Math.sqrt(x * x + y * y + 1);
    origins.set(centre, r * 3);
    // Rotated by R^T: the transform is rigid.
    directions[r * 3] = (m[0] * x + m[1] * y + m[2]) * scale;
    directions[r * 3 + 1] = (m[4] * x + m[5] * y + m[6]) * scale;
    directions[r * 3 + 2] = (m[8] * x + m[9] * y + m[10]) * scale;
  }
  return { origins, directions, pixels, near: limits.near, far: limits.far };
};
