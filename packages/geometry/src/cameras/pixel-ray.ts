import type { PinholeCamera } from '../types.js';
import { directionOfImage } from './direction-of-image.js';

/**
 * The unit direction, in the camera's frame (x right, y down, z forward), of the ray through image coordinates
 * (u, v): K^-1 (u, v, 1) without the lens's distortion, normalised. The centre of pixel (column, row) is
 * (column + 0.5, row + 0.5). NaN where the lens model has no ray.
 */
export const pixelRay = (camera: PinholeCamera, u: number, v: number): [number, number, number] => {
  const at = new Float64Array(2);
  directionOfImage(camera, u, v, at);
  const length = Math.hypot(at[0], at[1], 1);
  return [at[0] / length, at[1] / length, 1 / length];
};
