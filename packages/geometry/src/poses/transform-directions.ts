import type { Pose } from '../types.js';
import { applyPose } from './transform-points.js';

/**
 * Directions turned by a pose's rotation; its translation plays no part.
 *
 * @param directions [N*3].
 * @returns a new [N*3] array of the same type.
 * @throws RangeError when the length is not a multiple of 3.
 */
export function transformDirections(pose: Pose, directions: Float32Array): Float32Array;
export function transformDirections(pose: Pose, directions: Float64Array): Float64Array;
export function transformDirections(
  pose: Pose,
  directions: Float32Array | Float64Array,
): Float32Array | Float64Array {
  return directions instanceof Float64Array
    ? applyPose(pose, directions, new Float64Array(directions.length), false)
    : applyPose(pose, directions, new Float32Array(directions.length), false);
}
