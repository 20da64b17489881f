import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { quat } from 'gl-matrix';
import { type DataError, dataError } from '../errors.js';
import { poseOfUnitQuaternion } from '../poses/pose-of-unit-quaternion.js';
import { quaternionOf } from '../poses/quaternion-of.js';
import type { Pose, PoseTrack } from '../types.js';
import { firstNotBelow } from './bracket.js';

export interface InterpolatePoseOptions {
  /** Microseconds beyond either end that the first or last motion is carried on for. Default 0. */
  readonly extrapolation?: number;
  /** What the track is called in errors. Default 'pose track'. */
  readonly source?: string;
}

/**
 * The pose of a body at a time: spherical interpolation of the rotation (the shorter way round), linear of the
 * translation, between the two poses around it. At a recorded time the result is the recorded pose; where several
 * poses share a timestamp, the first.
 *
 * @param track ascending timestamps; see `poseTrack` for a checked one.
 * @param timestamp microseconds.
 * @returns `globalFromBody`; `empty` for a track without poses, `mismatch` where poses and timestamps differ in number,
 *   `out-of-range` for a time outside the track (and beyond the allowed extrapolation).
 */
export const interpolatePose = (
  track: PoseTrack,
  timestamp: number,
  options: InterpolatePoseOptions = {},
): Either<DataError, Pose> => {
  const { timestamps, poses } = track;
  const { extrapolation = 0, source = 'pose track' } = options;
  const count = timestamps.length;
  if (count === 0) return left(dataError('empty', source, 'timestamps', 'none', 'at least one pose'));
  if (poses.length !== count)
    return left(
      dataError('mismatch', source, 'poses', `${poses.length} poses`, `${count}, one per timestamp`),
    );
  const first = timestamps[0];
  const last = timestamps[count - 1];
  if (!(timestamp >= first - extrapolation && timestamp <= last + extrapolation))
    return left(
      dataError('out-of-range', source, 'timestamp', `${timestamp}`, `${first} to ${last} microseconds`),
    );
  const found = firstNotBelow(timestamps, timestamp);
  if (timestamps[found] === timestamp) return right(poses[found].slice());
  const [before, after] = segmentAt(timestamps, found);
  const span = timestamps[after] - timestamps[before];
  // A track of one instant has no motion to carry on.
  return right(
    span > 0
      ? blendPoses(poses[before], poses[after], (timestamp - timestamps[before]) / span)
      : poses[before].slice(),
  );
};

/** The two knots that a time between knots `found - 1` and `found` is interpolated (or extrapolated) from. */
const segmentAt = (timestamps: Float64Array, found: number): [number, number] => {
  if (found > 0 && found < timestamps.length) return [found - 1, found];
  // Beyond an end: skip duplicates, which span no time.
  const end = found === 0 ? 0 : timestamps.length - 1;
  const step = found === 0 ? 1 : -1;
  let other = end;
  while (other + step >= 0 && other + step < timestamps.length && timestamps[other] === timestamps[end])
    other += step;
  return end < other ? [end, other] : [other, end];
};

/**
 * The pose the fraction `t` of the way from `from` (0) to `to` (1): slerp of the rotation, lerp of the translation.
 * Fractions outside 0..1 carry the motion on.
 */
export const blendPoses = (from: Pose, to: Pose, t: number): Pose => {
  const rotation = new Float64Array(4);
  quat.slerp(rotation, quaternionOf(from), quaternionOf(to), t);
  const translation = [12, 13, 14].map((i) => from[i] + (to[i] - from[i]) * t);
  // gl-matrix keeps the order of components, so w first in means w first out.
  return poseOfUnitQuaternion(translation, rotation);
};
