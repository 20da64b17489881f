import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, left } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { decodeSafetensors } from './safetensors/decodeSafetensors.js';
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
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      const found = error instanceof Error ? error.message : String(error);
      return left(
        dataError(missing ? 'missing-file' : 'unreadable', path, 'weights', found, 'a safetensors file'),
      );
    }
  };
