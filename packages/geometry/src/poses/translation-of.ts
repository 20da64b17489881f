import type { Pose } from '../types.js';

/** The translation x, y, z of a pose in metres: where the source frame's origin is in the target frame. */
export const translationOf = (pose: Pose): [number, number, number] => [pose[12], pose[13], pose[14]];
