import { type DataError, dataError } from '@nerfseg/geometry';
import type { Tensor } from '@tensorflow/tfjs-core';
import { left } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { errorText } from './error-text.js';
import { hostTensors } from './host-tensors.js';
import type { HostTensor } from './safetensors/types.js';
import { saveSafetensors } from './save-safetensors.js';

/**
 * Saves tensors (a network's, an optimizer's) as a safetensors file, atomically, as they are when the task is called: training may go on
 * meanwhile. Metadata are texts by name. Errors name the path.
 */
export const saveWeights =
  (
    path: string,
    tensors: Readonly<Record<string, Tensor>>,
    metadata: Readonly<Record<string, string>> = {},
  ): TaskEither<DataError, void> =>
  async () => {
    let host: Record<string, HostTensor>;
    try {
      host = await hostTensors(tensors);
    } catch (error) {
      return left(dataError('unavailable', path, 'weights', errorText(error), 'float32 or int32 tensors'));
    }
    return saveSafetensors(path, host, metadata)();
  };
