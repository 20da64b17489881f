import type { Tensor } from '@tensorflow/tfjs-core';
import type { HostTensor } from './safetensors/types.js';

/** Copies float32 and int32 tensors to the host, by name. All reads begin at once: what is assigned meanwhile, by a next step, is in none of them. */
export async function hostTensors(
  tensors: Readonly<Record<string, Tensor>>,
): Promise<Record<string, HostTensor>> {
  const entries = Object.entries(tensors);
  for (const [name, { dtype }] of entries)
    if (dtype !== 'float32' && dtype !== 'int32')
      throw new Error(`'${name}' is ${dtype}; weights are float32 or int32`);
  const data = await Promise.all(entries.map(([, tensor]) => tensor.data<'float32' | 'int32'>()));
  return Object.fromEntries(
    entries.map(([name, { dtype, shape }], i) => [
      name,
      { dtype: dtype === 'float32' ? 'F32' : 'I32', shape: [...shape], data: data[i] },
    ]),
  );
}
