import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { type DataError, dataError } from '../errors.js';
import type { LensDistortion, PinholeCamera } from '../types.js';

/**
 * A checked {@link PinholeCamera}: integer size, finite intrinsics of the form fx s cx, 0 fy cy, 0 0 1 with positive
 * focal lengths (s, the skew, is 0 in practice and honoured where it is not).
 *
 * @param width pixels.
 * @param height pixels.
 * @param intrinsics 9 numbers, row-major, pixels.
 * @param source the file and token, for the error.
 * @param distortion of the lens (see `lensDistortion`), where pictures are not rectified.
 */
export const pinholeCamera = (
  width: number,
  height: number,
  intrinsics: ArrayLike<number>,
  source: string,
  distortion?: LensDistortion,
): Either<DataError, PinholeCamera> => {
  const bad = (field: string, found: string, expected: string): Either<DataError, PinholeCamera> =>
    left(dataError('malformed', source, field, found, expected));
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0))
    return bad('size', `${width} x ${height}`, 'a positive number of pixels');
  const k = Float64Array.from(intrinsics);
  const shown = `[${Array.from(k).join(', ')}]`;
  if (k.length !== 9 || !k.every(Number.isFinite))
    return bad('intrinsics', shown, '9 finite numbers, 3x3 row-major');
  if (!(k[0] > 0 && k[4] > 0))
    return bad('intrinsics', `focal lengths ${k[0]}, ${k[4]}`, 'positive focal lengths');
  if (k[3] !== 0 || k[6] !== 0 || k[7] !== 0 || k[8] !== 1)
    return bad('intrinsics', shown, 'the form fx s cx, 0 fy cy, 0 0 1');
  return right({ width, height, intrinsics: k, ...(distortion ? { distortion } : {}) });
};
