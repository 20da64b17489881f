import type { Pose } from '../types.js';

/** The heading of a pose in radians, -pi..pi: the angle of its x axis in the target's xy plane. */
export const yawOf = (pose: Pose): number => Math.atan2(pose[1], pose[0]);
