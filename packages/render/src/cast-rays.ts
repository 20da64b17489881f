import type { RayBundle } from '@nerfseg/geometry';
import { cameraCentre } from './camera-centre.js';
import { checkLimits } from './check-limits.js';
import type { RayCamera, RayLimits } from './types.js';

/**
 * Rays of a pinhole camera through pixel centres, in the LiDAR frame at the LiDAR's time: pixel (column, row) has its
 * ray through K^-1 (column + 0.5, row + 0.5, 1).
 *
 * @param camera intrinsics (pixels) and `cameraFromLidar` (metres, camera z forward).
 * @param pixels [R*2] column, row. They may lie outside the image.
 * @param limits metres along the ray (range, not the camera's z).
 */
export const castRays = (camera: RayCamera, pixels: Int32Array, limits: RayLimits): RayBundle => {
  checkLimits(limits);
  if (pixels.length % 2 !== 0) throw new RangeError(`pixels: found ${pixels.length} values, expected pairs`);
  const k = camera.intrinsics;
  const m = camera.cameraFromLidar;
  const count = pixels.length / 2;
  const origins = new Float32Array(count * 3);
  const directions = new Float32Array(count * 3);
  const centre = cameraCentre(m);
  for (let r = 0; r < count; r++) {
    const y = (pixels[r * 2 + 1] + 0.5 - k[5]) / k[4];
    const x = (pixels[r * 2] + 0.5 - k[2] - k[1] * y) / k[0];
    const scale = 1 / Math.sqrt(x * x + y * y + 1);
    origins.set(centre, r * 3);
    // Rotated by R^T: the transform is rigid.
    directions[r * 3] = (m[0] * x + m[1] * y + m[2]) * scale;
    directions[r * 3 + 1] = (m[4] * x + m[5] * y + m[6]) * scale;
    directions[r * 3 + 2] = (m[8] * x + m[9] * y + m[10]) * scale;
  }
  return { origins, directions, pixels, near: limits.near, far: limits.far };
};
