import type { DataError } from '@nerfseg/geometry';
import { chainEitherK, type TaskEither } from 'fp-ts/lib/TaskEither.js';
import { readWholeFile } from './read-whole-file.js';
import { decodeSafetensors } from './safetensors/decode-safetensors.js';
import type { SafetensorsFile } from './safetensors/types.js';

/** Reads a safetensors file. Errors ('missing-file', 'unreadable', and `decodeSafetensors`'s) name the path. */
export const loadWeights = (path: string): TaskEither<DataError, SafetensorsFile> =>
  chainEitherK((bytes: Uint8Array) => decodeSafetensors(bytes, path))(
    readWholeFile(path, 'a safetensors file'),
  );
