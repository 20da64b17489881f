import { createHash, type Hash } from 'node:crypto';
import type { Frame, FrameDataset } from '@nerfseg/datasets';
import { type DataError, formatError } from '@nerfseg/geometry';
import type { Either } from 'fp-ts/lib/Either.js';
import type { Option } from 'fp-ts/lib/Option.js';
import { type Reading, Violation } from './types.js';

/** Collects what reading gave: errors as they are tagged, and a digest of all else. */
export interface Notes {
  readonly errors: string[];
  readonly hash: Hash;
}

export const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Violation(what);
};

export const startReading = (): Notes => ({ errors: [], hash: createHash('sha256') });
export const endReading = ({ errors, hash }: Notes): Reading => ({ errors, digest: hash.digest('hex') });

/** The value, or undefined where there is an error, which must be one that tells what and where. */
export const taken = <A>(into: Notes, result: Either<DataError, A>): A | undefined => {
  if (result._tag === 'Right') return result.right;
  const { _tag, code, source, field, found, expected } = result.left;
  must(_tag === 'DataError' && code.length > 0, 'an error without a tag');
  for (const text of [source, field, found, expected])
    must(
      typeof text === 'string' && text.length > 0,
      `an error that does not say where or what: ${formatError(result.left)}`,
    );
  must(formatError(result.left).length < 20_000, 'an error that nobody can read to its end');
  into.errors.push(code);
  return undefined;
};

const allFinite = (values: Float32Array | Float64Array): boolean => {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
};

/** Reads everything of every frame, and checks that it can be. */
export const readDataset = async (into: Notes, dataset: FrameDataset): Promise<void> => {
  const classes = dataset.labelSpace.names.length;
  must(dataset.length > 0, 'a data set without frames');
  for (let i = 0; i < dataset.length; i++) await readFrame(into, dataset.frame(i), classes);
};

const readFrame = async (into: Notes, frame: Frame, classes: number): Promise<void> => {
  const { hash } = into;
  hash.update(`${frame.id} ${frame.sequence} ${frame.timestamp}`);
  must(Number.isFinite(frame.timestamp), `${frame.id}: timestamp ${frame.timestamp}`);
  must(allFinite(frame.globalFromLidar), `${frame.id}: pose`);
  hash.update(frame.globalFromLidar);
  const points = taken(into, await frame.points()());
  if (points) {
    const count = points.intensity.length;
    must(count > 0 && points.positions.length === count * 3, `${frame.id}: ${count} points`);
    must(allFinite(points.positions) && allFinite(points.intensity), `${frame.id}: points not finite`);
    hash.update(points.positions).update(points.intensity);
  }
  const perPoint = (found: Option<Uint8Array | Uint16Array> | undefined, highest: number): void => {
    if (found?._tag !== 'Some') return;
    if (points) must(found.value.length === points.intensity.length, `${frame.id}: labels unlike points`);
    must(
      found.value.every((value) => value <= highest),
      `${frame.id}: a class too high`,
    );
    hash.update(found.value);
  };
  perPoint(taken(into, await frame.labels()()), classes - 1);
  if (frame.instances) perPoint(taken(into, await frame.instances()()), 0xffff);
  for (const sweep of frame.pastSweeps?.(3) ?? []) taken(into, await sweep.points()());
  for (const camera of frame.cameras) {
    must(allFinite(camera.intrinsics) && allFinite(camera.cameraFromLidar), `${frame.id}: ${camera.name}`);
    hash.update(camera.intrinsics).update(camera.cameraFromLidar);
    const picture = taken(into, await camera.image()());
    if (!picture) continue;
    must(
      picture.shape.join() === `${camera.height},${camera.width},3`,
      `${frame.id}: ${camera.name} of ${picture.shape.join(' x ')}`,
    );
    hash.update(picture.data);
  }
};
