import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { type DataError, dataError } from '../errors.js';
import type { Pose } from '../types.js';
import { orthonormalize } from './orthonormalize.js';
import { rotationDeviation } from './rotation-deviation.js';

/**
 * The pose of a 3x4 matrix [R | t] as KITTI's calib.txt and poses.txt write it.
 *
 * R may deviate from a rotation by 1e-3 (largest element of |R^T R - I|); what is within that is rounding and is
 * replaced by the nearest rotation, so that inverses are exact.
 *
 * @param rows 12 numbers, row-major, translation in metres.
 * @param source the file and line, for the error.
 * @returns `malformed` for a wrong count or a non-finite number, `mismatch` for a matrix that is not a rotation.
 */
export const poseFromRows34 = (rows: ArrayLike<number>, source: string): Either<DataError, Pose> => {
  if (rows.length !== 12)
    return left(
      dataError('malformed', source, 'matrix', `${rows.length} numbers`, '12 numbers, 3x4 row-major'),
    );
  const pose = new Float64Array(16);
  pose[15] = 1;
  for (let row = 0; row < 3; row++)
    for (let column = 0; column < 4; column++) {
      const value = rows[row * 4 + column];
      if (!Number.isFinite(value))
        return left(
          dataError('malformed', source, `row ${row} column ${column}`, String(value), 'a finite number'),
        );
      pose[column * 4 + row] = value;
    }
  const { deviation, determinant } = rotationDeviation(pose);
  // Products of large numbers overflow: not a number then, which is no rotation either.
  if (!(deviation <= 1e-3 && determinant > 0))
    return left(
      dataError(
        'mismatch',
        source,
        'rotation',
        `determinant ${determinant.toPrecision(6)}, |RtR - I| up to ${deviation.toExponential(2)}`,
        'a rotation: determinant +1, |RtR - I| up to 1e-3',
        determinant < 0
          ? 'A negative determinant is a mirror: an axis is flipped or two are swapped.'
          : undefined,
      ),
    );
  return right(orthonormalize(pose));
};
