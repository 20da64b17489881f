import type { Pose } from '../types.js';
import { rotationDeviation } from './rotation-deviation.js';

/**
 * Whether a 4x4 matrix is a rigid transform: finite, last row 0 0 0 1, columns orthonormal and determinant +1,
 * both to `tolerance` (default 1e-3, what calibration files round to at worst).
 */
export const isRigid = (pose: Pose, tolerance = 1e-3): boolean => {
  if (pose.length !== 16 || !pose.every(Number.isFinite)) return false;
  if (pose[3] !== 0 || pose[7] !== 0 || pose[11] !== 0 || pose[15] !== 1) return false;
  const { deviation, determinant } = rotationDeviation(pose);
  return deviation <= tolerance && determinant > 0;
};
