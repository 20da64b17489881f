import { dataError } from '@nerfseg/geometry';
import { raise } from '../files/guard.js';
import { fileSize } from '../files/list-folder.js';
import { withBytes } from '../files/read-bytes.js';
import { kittiPoints, pointCount } from '../files/read-point-records.js';

/**
 * A .label file as it is: uint32 per point, raw id in the low 16 bits, instance in the high; raises.
 *
 * @param use makes something of the words, without keeping them.
 */
export const withLabelWords = async <A>(
  path: string,
  pointsPath: string,
  use: (words: Uint32Array) => A,
): Promise<A> => {
  const points = pointCount(pointsPath, fileSize(pointsPath), kittiPoints);
  const size = fileSize(path);
  if (size % 4 !== 0)
    raise(
      dataError('truncated', path, 'size', `${size} bytes`, 'a multiple of 4 bytes (one uint32 per point)'),
    );
  if (size / 4 !== points)
    raise(
      dataError('mismatch', path, 'labels', `${size / 4} labels`, `${points} as ${pointsPath} has points`),
    );
  return withBytes(path, size, (bytes) => use(labelWords(bytes)));
};

/** The uint32 of a .label file's bytes. */
export const labelWords = (bytes: Uint8Array): Uint32Array =>
  bytes.byteOffset % 4 === 0
    ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
    : new Uint32Array(bytes.slice().buffer);

/** The instances in the high 16 bits. */
export const instancesOfWords = (words: Uint32Array): Uint16Array => {
  const instances = new Uint16Array(words.length);
  for (let i = 0; i < words.length; i++) instances[i] = words[i] >>> 16;
  return instances;
};
