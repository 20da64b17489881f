import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { type DataError, dataError } from '../errors.js';
import { composePoses } from '../poses/compose-poses.js';
import { identityPose } from '../poses/identity-pose.js';
import { invertPose } from '../poses/invert-pose.js';
import { applyPose } from '../poses/transform-points.js';
import type { PointCloud, Pose, PoseTrack } from '../types.js';
import { type InterpolatePoseOptions, interpolatePose } from './interpolate-pose.js';

export interface CompensateMotionOptions extends InterpolatePoseOptions {
  /** Extrinsics of the LiDAR in the body whose poses the track holds. Default: the track is the LiDAR's own. */
  readonly bodyFromLidar?: Pose;
}

/**
 * Undoes a spinning LiDAR's own motion: every point, measured `timeOffset` seconds from `timestamp`, is moved to where a
 * sensor standing still at `timestamp` would have seen it. What moves by itself stays smeared. Poses are interpolated
 * once per distinct time (to the microsecond).
 *
 * @param points with `timeOffset`.
 * @param timestamp the sweep's, microseconds; the result's frame is the LiDAR's at this time.
 * @param track poses of the body; must reach over the whole sweep (or `extrapolation` allow the rest).
 * @returns the moved points without `timeOffset` (they are all of one time now); `not-found` when the cloud has no
 *   `timeOffset`, `mismatch` when it has another length than the points, and what `interpolatePose` finds wrong.
 */
export const compensateMotion = (
  points: PointCloud,
  timestamp: number,
  track: PoseTrack,
  options: CompensateMotionOptions = {},
): Either<DataError, PointCloud> => {
  const { timeOffset, ...cloud } = points;
  const { bodyFromLidar = identityPose(), source = 'scan' } = options;
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
  const target = interpolatePose(track, timestamp, { source: `${source}: pose track`, ...options });
  if (target._tag === 'Left') return target;
  const lidarFromGlobal = invertPose(composePoses(target.right, bodyFromLidar));

  const poseAt = new Map<number, Pose>();
  const positions = points.positions.slice();
  for (let n = 0; n < count; n++) {
    const offset = Math.round(timeOffset[n] * 1e6);
    let pose = poseAt.get(offset);
    if (pose === undefined) {
      const body = interpolatePose(track, timestamp + offset, {
        source: `${source}: point ${n}`,
        ...options,
      });
      if (body._tag === 'Left') return body;
      pose = composePoses(lidarFromGlobal, body.right, bodyFromLidar);
      poseAt.set(offset, pose);
    }
    const point = positions.subarray(n * 3, n * 3 + 3);
    applyPose(pose, point, point, true);
  }
  return right({ ...cloud, positions });
};
