import { type DataError, dataError } from '@nerfseg/geometry';
import { type TaskEither, tryCatch } from 'fp-ts/lib/TaskEither.js';
import { errorText } from './error-text.js';
import { replaceFile } from './replace-file.js';
import { encodeSafetensors } from './safetensors/encode-safetensors.js';
import type { HostTensor } from './safetensors/types.js';

/** Saves host data as a safetensors file, atomically. Metadata are texts by name. Errors name the path. */
export const saveSafetensors = (
  path: string,
  tensors: Readonly<Record<string, HostTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): TaskEither<DataError, void> =>
  tryCatch(
    async () => replaceFile(path, encodeSafetensors(tensors, metadata)),
    (error) => dataError('unavailable', path, 'weights', errorText(error), 'a file that can be written'),
  );
