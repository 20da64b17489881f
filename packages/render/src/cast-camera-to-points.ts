import { imageOfDirection } from '@nerfseg/geometry';
import { cameraCentre } from './camera-centre.js';
import { castToPoints, type MeasuredRays } from './cast-to-points.js';
import type { RayCamera } from './types.js';

/**
 * Rays from a camera's centre through LiDAR points, in the LiDAR frame: the pixels' rays whose depth (unless something
 * stands in between, see `transmittanceAt`) and whose label are known.
 *
 * @param positions [N*3] metres, LiDAR frame.
 * @param indices [R] which points.
 * @param options near, far in metres; default 0 and 1 m behind the farthest point.
 * @returns rays whose pixels are those the points fall on (-1, -1 where they fall outside the image), and range [R].
 */
export const castCameraToPoints = (
  camera: RayCamera,
  positions: Float32Array,
  indices: Int32Array,
  options: { readonly near?: number; readonly far?: number } = {},
): MeasuredRays => {
  const m = camera.cameraFromLidar;
  const at = new Float64Array(2);
  const measured = castToPoints(cameraCentre(m), positions, indices, options.near ?? 0, options.far);
  const { directions, pixels } = measured.rays;
  for (let r = 0; r < indices.length; r++) {
    const dx = directions[r * 3];
    const dy = directions[r * 3 + 1];
    const dz = directions[r * 3 + 2];
    const x = m[0] * dx + m[4] * dy + m[8] * dz;
    const y = m[1] * dx + m[5] * dy + m[9] * dz;
    const depth = m[2] * dx + m[6] * dy + m[10] * dz;
    if (!(depth > 0 && imageOfDirection(camera, x / depth, y / depth, at))) continue;
    const column = Math.floor(at[0]);
    const row = Math.floor(at[1]);
    if (column < 0 || row < 0 || column >= camera.width || row >= camera.height) continue;
    pixels[r * 2] = column;
    pixels[r * 2 + 1] = row;
  }
  return measured;
};
