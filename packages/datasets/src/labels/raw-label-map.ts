import { type DataError, dataError } from '@nerfseg/geometry';
import type { Either } from 'fp-ts/lib/Either.js';
import { guardSync, raise } from '../files/guard.js';

/** Between the ids that label files hold and the classes that are trained and scored. */
export interface RawLabelMap {
  readonly name: string;
  /** Class of each raw id; `unknownRaw` for an id that the format does not have. */
  readonly classOfRaw: Uint8Array;
  /** The raw id that stands for each class, for submissions and writers. */
  readonly rawOfClass: Uint16Array;
}

/** Marks ids that a format does not have. */
export const unknownRaw = 255;

/** As `classesOfRaw`, raising. */
export const mapRaw = (raw: ArrayLike<number>, map: RawLabelMap, source: string): Uint8Array => {
  const { classOfRaw } = map;
  const classes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) {
    const id = raw[i];
    const classId = id < classOfRaw.length ? classOfRaw[id] : unknownRaw;
    if (classId === unknownRaw)
      raise(dataError('out-of-range', source, `label of point ${i}`, `raw id ${id}`, `an id of ${map.name}`));
    classes[i] = classId;
  }
  return classes;
};

/**
 * Class ids of raw ids.
 *
 * @param raw [N] ids as the label files hold them.
 * @param source the file, for the error.
 * @returns [N]; `out-of-range` for an id that the format does not have.
 */
export const classesOfRaw = (
  raw: ArrayLike<number>,
  map: RawLabelMap,
  source: string,
): Either<DataError, Uint8Array> => guardSync(() => mapRaw(raw, map, source));

/**
 * Raw ids of class ids.
 *
 * @throws RangeError for a class that the label space does not have.
 */
export const rawOfClasses = (classes: Uint8Array, map: RawLabelMap): Uint16Array => {
  const raw = new Uint16Array(classes.length);
  for (let i = 0; i < classes.length; i++) {
    if (classes[i] >= map.rawOfClass.length)
      throw new RangeError(`rawOfClasses: class ${classes[i]} of point ${i} is not one of ${map.name}`);
    raw[i] = map.rawOfClass[classes[i]];
  }
  return raw;
};
