import { quat } from 'gl-matrix';
import { poseOfUnitQuaternion } from '../poses/pose-of-unit-quaternion.js';
import { quaternionOf } from '../poses/quaternion-of.js';
import type { Pose } from '../types.js';

/**
 * The pose the fraction `t` of the way from `from` (0) to `to` (1): slerp of the rotation the shorter way round, lerp
 * of the translation. Fractions outside 0..1 carry the motion on.
 */
export const blendPoses = (from: Pose, to: Pose, t: number): Pose => {
  const rotation = new Float64Array(4);
  // gl-matrix writes quaternions x, y, z, w; slerp treats all four alike, so w first in is w first out.
  quat.slerp(rotation, quaternionOf(from), quaternionOf(to), t);
  const translation = [12, 13, 14].map((i) => from[i] + (to[i] - from[i]) * t);
  return poseOfUnitQuaternion(translation, rotation);
};
