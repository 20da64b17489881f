import type { Pose } from '../types.js';
import { rotationDeviation } from './rotation-deviation.js';

/**
 * Replaces, in place, an almost-rotation by the nearest rotation (polar decomposition by Newton-Schulz steps
 * R <- R (3 I - R^T R) / 2, which square the deviation each time). Text files round rotations to 1e-7 or so;
 * over a kilometre of translation that would be a tenth of a millimetre in every inverse.
 */
export const orthonormalize = (pose: Pose): Pose => {
  for (let step = 0; step < 4 && rotationDeviation(pose).deviation > 4e-16; step++) {
    const r = pose.slice();
    for (let column = 0; column < 3; column++)
      for (let row = 0; row < 3; row++) {
        let sum = 3 * r[column * 4 + row];
        for (let i = 0; i < 3; i++) {
          let dot = 0;
          for (let k = 0; k < 3; k++) dot += r[i * 4 + k] * r[column * 4 + k];
          sum -= r[i * 4 + row] * dot;
        }
        pose[column * 4 + row] = sum / 2;
      }
  }
  return pose;
};
