import type { PinholeCamera } from '../types.js';

/**
 * The unit direction, in the camera's frame (x right, y down, z forward), of the ray through image coordinates
 * (u, v): K^-1 (u, v, 1), normalised. The centre of pixel (column, row) is (column + 0.5, row + 0.5).
 */
export const pixelRay = (camera: PinholeCamera, u: number, v: number): [number, number, number] => {
  const [fx, skew, cx, , fy, cy] = camera.intrinsics;
  const y = (v - cy) / fy;
  const x = (u - cx - skew * y) / fx;
  const length = Math.hypot(x, y, 1);
  return [x / length, y / length, 1 / length];
};
