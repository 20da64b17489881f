import { type DataError, dataError } from '@nerfseg/geometry';
import type { Tensor } from '@tensorflow/tfjs-core';
import { type TaskEither, tryCatch } from 'fp-ts/lib/TaskEither.js';
import { errorText } from './error-text.js';
import { hostTensors } from './host-tensors.js';
import { replaceFile } from './replace-file.js';
import { encodeSafetensors } from './safetensors/encode-safetensors.js';

/**
 * Saves tensors (a network's, an optimizer's) as a safetensors file, atomically. Metadata are texts by name. Errors name the path.
 */
export const saveWeights = (
  path: string,
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): TaskEither<DataError, void> =>
  tryCatch(
    async () => replaceFile(path, encodeSafetensors(await hostTensors(tensors), metadata)),
    (error) => dataError('unavailable', path, 'weights', errorText(error), 'a file that can be written'),
  );
