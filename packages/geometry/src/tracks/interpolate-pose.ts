import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { type DataError, dataError } from '../errors.js';
import type { Pose, PoseTrack } from '../types.js';
import { blendPoses } from './blend-poses.js';
import { bracket, firstNotBelow } from './bracket.js';

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
  const [before, after] = bracket(timestamps, timestamp);
  const span = timestamps[after] - timestamps[before];
  // A track of one instant has no motion to carry on.
  return right(
    span > 0
      ? blendPoses(poses[before], poses[after], (timestamp - timestamps[before]) / span)
      : poses[before].slice(),
  );
};
