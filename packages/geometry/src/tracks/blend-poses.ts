import { quat } from 'gl-matrix';
import { poseOfUnitQuaternion } from '../poses/pose-of-unit-quaternion.js';
import { quaternionOf } from '../poses/quaternion-of.js';
import type { Pose } from '../types.js';
import { screwMotion } from './screw-motion.js';

/**
 * The pose the fraction `t` of the way from `from` (0) to `to` (1): slerp of the rotation the shorter way round, lerp
 * of the translation. Fractions outside 0..1 carry the motion on.
 */
export const blendPoses = (from: Pose, to: Pose, t: number): Pose => {
  // Not quat.slerp: of small turns it blends the quaternions themselves, which carried on never pass half a turn.
  const { axis, angle, shift } = screwMotion(from, to);
  const [w, x, y, z] = quaternionOf(from);
  const turn = quat.setAxisAngle(new Float64Array(4), axis, t * angle);
  const [qx, qy, qz, qw] = quat.multiply(new Float64Array(4), [x, y, z, w], turn);
  const translation = [0, 1, 2].map((i) => from[12 + i] + shift[i] * t);
  return poseOfUnitQuaternion(translation, [qw, qx, qy, qz]);
};
