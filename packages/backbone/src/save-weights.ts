import { type DataError, dataError } from '@nerfseg/geometry';
import type { Tensor } from '@tensorflow/tfjs-core';
import { chain, type TaskEither, tryCatch } from 'fp-ts/lib/TaskEither.js';
import { errorText } from './error-text.js';
import { hostTensors } from './host-tensors.js';
import type { HostTensor } from './safetensors/types.js';
import { saveSafetensors } from './save-safetensors.js';

/**
 * Saves tensors (a network's, an optimizer's) as a safetensors file, atomically. Metadata are texts by name. Errors name the path.
 */
export const saveWeights = (
  path: string,
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): TaskEither<DataError, void> =>
  chain((host: Record<string, HostTensor>) => saveSafetensors(path, host, metadata))(
    tryCatch(
      () => hostTensors(tensors),
      (error) => dataError('unavailable', path, 'weights', errorText(error), 'float32 or int32 tensors'),
    ),
  );
