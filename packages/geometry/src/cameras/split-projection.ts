import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { type DataError, dataError } from '../errors.js';
import { identityPose } from '../poses/identity-pose.js';
import type { Pose } from '../types.js';

/** A projection matrix taken apart: P = K [I | t]. */
export interface SplitProjection {
  /** [9] K, row-major, pixels. */
  readonly intrinsics: Float64Array;
  /** From the frame P is applied in (KITTI: rectified camera 0) to this camera's own frame: a pure translation. */
  readonly cameraFromReference: Pose;
}

/**
 * Takes KITTI's rectified projection matrices P0..P3 (calib.txt) apart into intrinsics and the camera's offset from
 * camera 0: t = K^-1 p4. `cameraFromLidar` of camera 2 is then `cameraFromReference . Tr`.
 *
 * @param rows 12 numbers, 3x4 row-major.
 * @param source the file and line, for the error.
 * @returns `malformed` unless there are 12 finite numbers with fx s cx, 0 fy cy, 0 0 1 on the left.
 */
export const splitProjection = (
  rows: ArrayLike<number>,
  source: string,
): Either<DataError, SplitProjection> => {
  const p = Float64Array.from(rows);
  if (p.length !== 12 || !p.every(Number.isFinite))
    return left(
      dataError('malformed', source, 'projection', `[${p.join(', ')}]`, '12 finite numbers, 3x4 row-major'),
    );
  if (!(p[0] > 0 && p[5] > 0) || p[4] !== 0 || p[8] !== 0 || p[9] !== 0 || p[10] !== 1)
    return left(
      dataError(
        'malformed',
        source,
        'projection',
        `[${p.join(', ')}]`,
        'fx s cx | 0 fy cy | 0 0 1 on the left',
      ),
    );
  const pose = identityPose();
  pose[14] = p[11];
  pose[13] = (p[7] - p[6] * p[11]) / p[5];
  pose[12] = (p[3] - p[2] * p[11] - p[1] * pose[13]) / p[0];
  return right({
    intrinsics: Float64Array.of(p[0], p[1], p[2], p[4], p[5], p[6], p[8], p[9], p[10]),
    cameraFromReference: pose,
  });
};
