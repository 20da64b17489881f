import type { Pose } from '../types.js';

/** The pose of a translation (metres) and a quaternion w, x, y, z, which is normalised first. */
export const poseOfUnitQuaternion = (translation: ArrayLike<number>, quaternion: ArrayLike<number>): Pose => {
  const norm = Math.hypot(quaternion[0], quaternion[1], quaternion[2], quaternion[3]);
  const w = quaternion[0] / norm;
  const x = quaternion[1] / norm;
  const y = quaternion[2] / norm;
  const z = quaternion[3] / norm;
  const pose = new Float64Array(16);
  pose[0] = 1 - 2 * (y * y + z * z);
  pose[1] = 2 * (x * y + w * z);
  pose[2] = 2 * (x * z - w * y);
  pose[4] = 2 * (x * y - w * z);
  pose[5] = 1 - 2 * (x * x + z * z);
  pose[6] = 2 * (y * z + w * x);
  pose[8] = 2 * (x * z + w * y);
  pose[9] = 2 * (y * z - w * x);
  pose[10] = 1 - 2 * (x * x + y * y);
  pose[12] = translation[0];
  pose[13] = translation[1];
  pose[14] = translation[2];
  pose[15] = 1;
  return pose;
};
