import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { errorText, isMissing } from './error-text.js';

/** Most that Node reads at once. */
const largest = 2 ** 31 - 1;

/** A whole file. Errors ('missing-file', 'unreadable') name the path and say that `expected` was to be there. */
export const readWholeFile =
  (path: string, expected: string): TaskEither<DataError, Uint8Array> =>
  async (): Promise<Either<DataError, Uint8Array>> => {
    try {
      const { readFile, stat } = await import('node:fs/promises');
      // Asked before opening: a pipe would wait for its other end, a device may never end.
      const found = await stat(path);
      if (!found.isFile()) return left(dataError('unreadable', path, 'weights', 'no regular file', expected));
      if (found.size > largest)
        return left(
          dataError('out-of-range', path, 'weights', `${found.size} bytes`, `at most ${largest} bytes`),
        );
      const file = await readFile(path);
      return right(new Uint8Array(file.buffer, file.byteOffset, file.byteLength));
    } catch (error) {
      const code = isMissing(error) ? 'missing-file' : 'unreadable';
      return left(dataError(code, path, 'weights', errorText(error), expected));
    }
  };
