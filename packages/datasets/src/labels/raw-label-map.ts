import { type ArrayAllocator, type DataError, dataError, freshArrays } from '@nerfseg/geometry';
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
export const mapRaw = (
  raw: ArrayLike<number>,
  map: RawLabelMap,
  source: string,
  { uint8 }: Pick<ArrayAllocator, 'uint8'> = freshArrays,
): Uint8Array => {
  const { classOfRaw } = map;
  const classes = uint8(raw.length);
  for (let i = 0; i < raw.length; i++) {
    const id = raw[i];
    // Neither -1 nor 1.5 is an element.
    const classId = (id < classOfRaw.length ? classOfRaw[id] : undefined) ?? unknownRaw;
    if (classId === unknownRaw)
      raise(dataError('out-of-range', source, `label of point ${i}`, `raw id ${id}`, `an id of ${map.name}`));
    classes[i] = classId;
  }
  return classes;
};

/** As `mapRaw`, of the low 16 bits of each word; the high ones hold instances (SemanticKITTI's .label). Raising. */
export const mapRawWords = (
  words: Uint32Array,
  map: RawLabelMap,
  source: string,
  { uint8 }: Pick<ArrayAllocator, 'uint8'> = freshArrays,
): Uint8Array => {
  const classes = uint8(words.length);
  const classOf = lookUp16(map);
  let known = 0;
  for (let i = 0; i < words.length; i++) {
    const classId = classOf[words[i] & 0xffff];
    classes[i] = classId;
    known |= classId;
  }
  // Class ids are below 128: only `unknownRaw` sets the highest bit.
  if (known & 0x80) mapRaw(Uint16Array.from(words), map, source);
  return classes;
};

const tables = new WeakMap<RawLabelMap, Uint8Array>();

/** A class for each of 65,536 ids, so that the loop over points needs no bounds; made once per map. */
const lookUp16 = (map: RawLabelMap): Uint8Array => {
  const known = tables.get(map);
  if (known) return known;
  const table = new Uint8Array(65_536).fill(unknownRaw);
  table.set(map.classOfRaw.subarray(0, 65_536));
  tables.set(map, table);
  return table;
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
