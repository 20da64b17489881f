import type { Tensor } from '@tensorflow/tfjs-core';
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
