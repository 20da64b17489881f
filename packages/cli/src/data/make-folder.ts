import { mkdir } from 'node:fs/promises';
import { type DataError, dataError } from '@nerfseg/geometry';
import { type TaskEither, tryCatch } from 'fp-ts/lib/TaskEither.js';

/** Makes a folder to write into, before the work whose results it gets. */
export const makeFolder = (path: string): TaskEither<DataError, unknown> =>
  tryCatch(
    () => mkdir(path, { recursive: true }),
    (error) => dataError('unavailable', path, 'folder', (error as Error).message, 'a folder to write into'),
  );
