import { type DataError, dataError, type PointCloud } from '@nerfseg/geometry';
import { isNone } from 'fp-ts/lib/Option.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { guard, raise, unwrap } from '../files/guard.js';
import type { Frame } from '../types.js';

/** A sweep with one label per point, made sure of. */
export interface LabelledPoints {
  readonly points: PointCloud;
  /** [N] class ids, 0 = ignore. */
  readonly labels: Uint8Array;
}

/** Points and labels of a frame; `not-found` when it has no labels, `mismatch` when they are not as many as points. */
export const loadLabelled = (frame: Frame): TaskEither<DataError, LabelledPoints> =>
  guard(async () => {
    const [points, labels] = await Promise.all([frame.points()(), frame.labels()()]);
    const cloud = unwrap(points);
    const known = unwrap(labels);
    if (isNone(known))
      return raise(dataError('not-found', frame.id, 'labels', 'none', 'one label per point'));
    const count = cloud.intensity.length;
    if (known.value.length !== count)
      raise(
        dataError('mismatch', frame.id, 'labels', `${known.value.length} labels`, `${count}, one per point`),
      );
    return { points: cloud, labels: known.value };
  });
