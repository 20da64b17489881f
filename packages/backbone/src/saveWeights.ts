import { type DataError, dataError } from '@nerfseg/geometry';
import type { Tensor } from '@tensorflow/tfjs-core';
import { type TaskEither, tryCatch } from 'fp-ts/lib/TaskEither.js';
import { errorText } from './errorText.js';
import { encodeSafetensors } from './safetensors/encodeSafetensors.js';
import type { HostTensor } from './safetensors/types.js';

/** Copies float32 and int32 tensors to the host, by name. */
export async function hostTensors(
  tensors: Readonly<Record<string, Tensor>>,
): Promise<Record<string, HostTensor>> {
  const result: Record<string, HostTensor> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor.dtype !== 'float32' && tensor.dtype !== 'int32')
      throw new Error(`'${name}' is ${tensor.dtype}; weights are float32 or int32`);
    const dtype = tensor.dtype === 'float32' ? 'F32' : 'I32';
    result[name] = { dtype, shape: [...tensor.shape], data: await tensor.data<'float32' | 'int32'>() };
  }
  return result;
}

/** Writes bytes beside `path`, flushes them to the disk and renames: readers see the old file or the new one, never half of it. */
async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const { open, rename, rm } = await import('node:fs/promises');
  const aside = `${path}.${process.pid}.part`;
  try {
    const file = await open(aside, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

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
