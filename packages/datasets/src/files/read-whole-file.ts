import type { DataError } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { guard } from './guard.js';
import { readBytes } from './read-bytes.js';

/**
 * The bytes of a file.
 *
 * @returns `missing-file`; `unreadable`, also for what is no regular file; `out-of-range` for one of more than a gigabyte.
 */
export const readWholeFile = (path: string): TaskEither<DataError, Uint8Array> =>
  guard(() => readBytes(path));
