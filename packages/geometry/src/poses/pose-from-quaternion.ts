import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { type DataError, dataError } from '../errors.js';
import type { Pose } from '../types.js';
import { poseOfUnitQuaternion } from './pose-of-unit-quaternion.js';

/**
 * The pose of a translation and a rotation quaternion, as nuScenes' calibrated_sensor and ego_pose tables have them.
 *
 * @param translation x, y, z in metres.
 * @param quaternion w, x, y, z; its length may deviate from 1 by 1e-3 and is then normalised.
 * @param source the file and token, for the error.
 * @returns `malformed` for a wrong count or a non-finite number, `mismatch` for a quaternion that is not of unit length.
 */
export const poseFromQuaternion = (
  translation: ArrayLike<number>,
  quaternion: ArrayLike<number>,
  source: string,
): Either<DataError, Pose> => {
  const bad = (field: string, values: ArrayLike<number>, expected: string): Either<DataError, Pose> =>
    left(dataError('malformed', source, field, `[${Array.from(values).join(', ')}]`, expected));
  if (translation.length !== 3 || !Array.from(translation).every(Number.isFinite))
    return bad('translation', translation, '3 finite numbers x, y, z');
  if (quaternion.length !== 4 || !Array.from(quaternion).every(Number.isFinite))
    return bad('rotation', quaternion, '4 finite numbers w, x, y, z');
  const norm = Math.hypot(quaternion[0], quaternion[1], quaternion[2], quaternion[3]);
  if (Math.abs(norm - 1) > 1e-3)
    return left(
      dataError(
        'mismatch',
        source,
        'rotation',
        `a quaternion of length ${norm.toPrecision(6)}`,
        'length 1 to 1e-3',
      ),
    );
  return right(poseOfUnitQuaternion(translation, quaternion));
};
