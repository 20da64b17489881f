import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { type DataError, dataError } from '../errors.js';
import { composePoses } from '../poses/compose-poses.js';
import { identityPose } from '../poses/identity-pose.js';
import { invertPose } from '../poses/invert-pose.js';
import { transformPoints } from '../poses/transform-points.js';
import type { PointCloud, Pose, PoseTrack } from '../types.js';
import { bracket } from './bracket.js';
import { type InterpolatePoseOptions, interpolatePose } from './interpolate-pose.js';
import { moveByScrew, type ScrewMotion, screwMotion } from './screw-motion.js';

export interface CompensateMotionOptions extends InterpolatePoseOptions {
  /** Extrinsics of the LiDAR in the body whose poses the track holds. Default: the track is the LiDAR's own. */
  readonly bodyFromLidar?: Pose;
}

/** Half a unit in the last place of a float32, relative to the number; twice that, for the product that follows. */
const float32Rounding = 2 ** -23;

/**
 * Undoes a spinning LiDAR's own motion: every point, measured `timeOffset` seconds from `timestamp`, is moved to where a
 * sensor standing still at `timestamp` would have seen it. What moves by itself stays smeared. The sensor's pose is
 * interpolated for each point as `interpolatePose` does it.
 *
 * @param points with `timeOffset`.
 * @param timestamp the sweep's, microseconds; the result's frame is the LiDAR's at this time.
 * @param track poses of the body; must reach over the whole sweep (or `extrapolation` allow the rest).
 * @returns the moved points without `timeOffset` (they are all of one time now); `not-found` when the cloud has no
 *   `timeOffset`, `mismatch` when it has another length than the points, `out-of-range` (naming the point) when the
 *   track does not reach as far, and what else `interpolatePose` finds wrong.
 */
export const compensateMotion = (
  points: PointCloud,
  timestamp: number,
  track: PoseTrack,
  options: CompensateMotionOptions = {},
): Either<DataError, PointCloud> => {
  const { timeOffset, ...cloud } = points;
  const { bodyFromLidar = identityPose(), source = 'scan', extrapolation = 0 } = options;
  const { timestamps, poses } = track;
  const count = points.intensity.length;
  if (timeOffset === undefined)
    return left(dataError('not-found', source, 'timeOffset', 'none', 'a time per point'));
  if (timeOffset.length !== count || points.positions.length !== count * 3)
    return left(
      dataError(
        'mismatch',
        source,
        'timeOffset',
        `${timeOffset.length} times, ${points.positions.length} coordinates`,
        `1 and 3 for each of ${count} points`,
      ),
    );
  const target = interpolatePose(track, timestamp, { extrapolation, source: `${source}: pose track` });
  if (target._tag === 'Left') return target;

  // Relative to the target everything is small numbers, whatever the global coordinates.
  const targetFromGlobal = invertPose(composePoses(target.right, bodyFromLidar));
  const positions = transformPoints(bodyFromLidar, Float64Array.from(points.positions));
  const earliest = timestamps[0] - timestamp - extrapolation;
  const latest = timestamps[timestamps.length - 1] - timestamp + extrapolation;
  // The segment in hand, its bounds relative to the timestamp; neighbouring points mostly share it.
  let motion: ScrewMotion | undefined;
  let [before, after] = [-1, -1];
  let [start, end] = [0, 0];
  for (let n = 0; n < count; n++) {
    const offset = timeOffset[n] * 1e6;
    const time = Math.min(Math.max(offset, earliest), latest);
    // An offset is a float32: at an end of the track it may round to just beyond. (NaN is refused here, too.)
    if (!(Math.abs(offset - time) <= Math.abs(offset) * float32Rounding))
      return left(
        dataError(
          'out-of-range',
          source,
          `timeOffset of point ${n}`,
          `${timeOffset[n]} s`,
          `${earliest / 1e6} to ${latest / 1e6} s, where the poses reach`,
        ),
      );
    // Segments of more than two knots, around equal timestamps, are for what lies beyond an end, not for times within.
    if (motion === undefined || after - before > 1 || time <= start || time > end) {
      const found = bracket(timestamps, timestamp + time);
      if (motion === undefined || found[0] !== before || found[1] !== after) {
        [before, after] = found;
        start = timestamps[before] - timestamp;
        end = timestamps[after] - timestamp;
        motion = screwMotion(
          composePoses(targetFromGlobal, poses[before]),
          composePoses(targetFromGlobal, poses[after]),
        );
      }
    }
    moveByScrew(motion, end > start ? (time - start) / (end - start) : 0, positions, n * 3);
  }
  return right({ ...cloud, positions: Float32Array.from(positions) });
};
