import type { DataError } from '@nerfseg/geometry';
import { chainEitherK, type TaskEither } from 'fp-ts/lib/TaskEither.js';
import { readWholeFile } from '../read-whole-file.js';
import { type ImportedNetwork, type ImportOptions, importCylinder3d } from './import-cylinder3d.js';

/** Reads a checkpoint file as `importCylinder3d` does. Errors ('missing-file', 'unreadable', and its own) name the path. */
export const loadReleased = (
  path: string,
  options: ImportOptions = {},
): TaskEither<DataError, ImportedNetwork> =>
  chainEitherK((bytes: Uint8Array) => importCylinder3d(bytes, path, options))(
    readWholeFile(path, 'a PyTorch checkpoint'),
  );
