import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, left } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { errorText, isMissing } from './error-text.js';
import { decodeSafetensors } from './safetensors/decode-safetensors.js';
import type { SafetensorsFile } from './safetensors/types.js';

/** Reads a safetensors file. Errors ('missing-file', 'unreadable', and `decodeSafetensors`'s) name the path. */
export const loadWeights =
  (path: string): TaskEither<DataError, SafetensorsFile> =>
  async (): Promise<Either<DataError, SafetensorsFile>> => {
    try {
      const { readFile } = await import('node:fs/promises');
      const file = await readFile(path);
      return decodeSafetensors(new Uint8Array(file.buffer, file.byteOffset, file.byteLength), path);
    } catch (error) {
      return left(
        dataError(
          isMissing(error) ? 'missing-file' : 'unreadable',
          path,
          'weights',
          errorText(error),
          'a safetensors file',
        ),
      );
    }
  };
