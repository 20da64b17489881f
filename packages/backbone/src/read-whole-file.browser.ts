// What bundlers take instead of read-whole-file.ts (package.json, `browser`).
import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { errorText } from './error-text.js';

/** Of a browser's `fetch`, what is used here. */
type Fetch = (url: string) => Promise<{
  readonly ok: boolean;
  readonly status: number;
  readonly arrayBuffer: () => Promise<ArrayBuffer>;
}>;

/** A whole file from its address. Errors ('missing-file', 'unreadable') name it and say that `expected` was to be there. */
export const readWholeFile =
  (path: string, expected: string): TaskEither<DataError, Uint8Array> =>
  async (): Promise<Either<DataError, Uint8Array>> => {
    try {
      const response = await (globalThis as unknown as { fetch: Fetch }).fetch(path);
      if (response.ok) return right(new Uint8Array(await response.arrayBuffer()));
      const code = response.status === 404 ? 'missing-file' : 'unreadable';
      return left(dataError(code, path, 'weights', `HTTP status ${response.status}`, expected));
    } catch (error) {
      return left(dataError('unreadable', path, 'weights', errorText(error), expected));
    }
  };
