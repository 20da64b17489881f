import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { type DataError, dataError } from '../errors.js';
import type { Pose, PoseTrack } from '../types.js';

/**
 * A checked {@link PoseTrack}: as many poses as timestamps, at least one, timestamps finite and not descending
 * (equal neighbours are allowed: the first of them counts).
 *
 * @param timestamps integer microseconds.
 * @param poses `globalFromBody`, one per timestamp.
 * @param source the file or log, for the error.
 */
export const poseTrack = (
  timestamps: ArrayLike<number>,
  poses: readonly Pose[],
  source: string,
): Either<DataError, PoseTrack> => {
  if (timestamps.length === 0)
    return left(dataError('empty', source, 'timestamps', 'none', 'at least one pose'));
  if (timestamps.length !== poses.length)
    return left(
      dataError(
        'mismatch',
        source,
        'poses',
        `${poses.length} poses`,
        `${timestamps.length}, one per timestamp`,
      ),
    );
  for (let i = 0; i < timestamps.length; i++) {
    if (!Number.isFinite(timestamps[i]))
      return left(dataError('malformed', source, `timestamps[${i}]`, String(timestamps[i]), 'microseconds'));
    if (i > 0 && timestamps[i] < timestamps[i - 1])
      return left(
        dataError(
          'mismatch',
          source,
          `timestamps[${i}]`,
          `${timestamps[i]} after ${timestamps[i - 1]}`,
          'ascending timestamps',
        ),
      );
  }
  return right({ timestamps: Float64Array.from(timestamps), poses });
};
