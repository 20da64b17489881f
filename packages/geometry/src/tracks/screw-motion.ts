import { composePoses } from '../poses/compose-poses.js';
import { invertPose } from '../poses/invert-pose.js';
import { quaternionOf } from '../poses/quaternion-of.js';
import type { Pose } from '../types.js';

/**
 * The motion from one pose to another in the form that moves a point cheaply: slerp and lerp at fraction f are the turn
 * by `f * angle` about `axis` (in the body) and the shift by `f * shift` (in the target frame).
 */
export interface ScrewMotion {
  readonly start: Pose;
  /** Unit length; any where the angle is 0. */
  readonly axis: readonly [number, number, number];
  /** Radians, 0..pi. */
  readonly angle: number;
  /** Metres. */
  readonly shift: readonly [number, number, number];
}

export const screwMotion = (from: Pose, to: Pose): ScrewMotion => {
  const [w, x, y, z] = quaternionOf(composePoses(invertPose(from), to));
  const sine = Math.hypot(x, y, z);
  return {
    start: from,
    axis: sine > 0 ? [x / sine, y / sine, z / sine] : [1, 0, 0],
    angle: 2 * Math.atan2(sine, w),
    shift: [to[12] - from[12], to[13] - from[13], to[14] - from[14]],
  };
};

/** Moves the point at `positions[p..p+2]` in place by a motion at a fraction (Rodrigues' formula, then the start pose). */
export const moveByScrew = (
  motion: ScrewMotion,
  fraction: number,
  positions: Float32Array | Float64Array,
  p: number,
): void => {
  const { start, axis, angle, shift } = motion;
  const x = positions[p];
  const y = positions[p + 1];
  const z = positions[p + 2];
  const cosine = Math.cos(fraction * angle);
  const sine = Math.sin(fraction * angle);
  const along = (axis[0] * x + axis[1] * y + axis[2] * z) * (1 - cosine);
  const tx = x * cosine + (axis[1] * z - axis[2] * y) * sine + axis[0] * along;
  const ty = y * cosine + (axis[2] * x - axis[0] * z) * sine + axis[1] * along;
  const tz = z * cosine + (axis[0] * y - axis[1] * x) * sine + axis[2] * along;
  positions[p] = start[0] * tx + start[4] * ty + start[8] * tz + start[12] + fraction * shift[0];
  positions[p + 1] = start[1] * tx + start[5] * ty + start[9] * tz + start[13] + fraction * shift[1];
  positions[p + 2] = start[2] * tx + start[6] * ty + start[10] * tz + start[14] + fraction * shift[2];
};
