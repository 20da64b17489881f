import type { Pose } from '../types.js';

/**
 * The pose of a translation (metres) and angles (radians): Rz(yaw) Ry(pitch) Rx(roll), the vehicle convention with
 * x forward, y left, z up. Positive yaw turns left, positive pitch lowers the nose, positive roll lifts the left side.
 */
export const poseFromEuler = (translation: ArrayLike<number>, yaw: number, pitch = 0, roll = 0): Pose => {
  const [cy, sy] = [Math.cos(yaw), Math.sin(yaw)];
  const [cp, sp] = [Math.cos(pitch), Math.sin(pitch)];
  const [cr, sr] = [Math.cos(roll), Math.sin(roll)];
  return new Float64Array([
    ...[cy * cp, sy * cp, -sp, 0],
    ...[cy * sp * sr - sy * cr, sy * sp * sr + cy * cr, cp * sr, 0],
    ...[cy * sp * cr + sy * sr, sy * sp * cr - cy * sr, cp * cr, 0],
    ...[translation[0], translation[1], translation[2], 1],
  ]);
};
