import { quat } from 'gl-matrix';
import type { Pose } from '../types.js';

/** The rotation of a pose as a unit quaternion w, x, y, z with w >= 0. */
export const quaternionOf = (pose: Pose): [number, number, number, number] => {
  // Not mat4.getRotation: that one rounds its scale to float32.
  const rotation = Float64Array.of(
    ...[pose[0], pose[1], pose[2]],
    ...[pose[4], pose[5], pose[6]],
    ...[pose[8], pose[9], pose[10]],
  );
  const q = new Float64Array(4);
  quat.normalize(q, quat.fromMat3(q, rotation));
  const sign = q[3] < 0 ? -1 : 1;
  return [sign * q[3], sign * q[0], sign * q[1], sign * q[2]];
};
