import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors, Parameters, Updates } from './transformation.js';

/** Updates that are tensors already, gradients say; their names must be parameters. It owns the tensors. */
export function tensorUpdates(tensors: NamedTensors, parameters: Parameters, scale = 1): Updates {
  const names = Object.keys(tensors);
  for (const name of names)
    if (!parameters[name])
      throw new Error(`optimizer: a gradient for '${name}', which is not one of the parameters`);
  return {
    names,
    scale,
    take: () => ({ ...tensors }),
    apply: (factor) => {
      for (const name of names)
        tf.tidy(() => parameters[name]!.assign(tf.add(parameters[name]!, tf.mul(tensors[name]!, factor))));
      tf.dispose(tensors);
    },
    dispose: () => tf.dispose(tensors),
  };
}

/** The tensors with their scale multiplied in; consumes the updates. The caller disposes them. */
export function materialise(updates: Updates): Record<string, tf.Tensor> {
  const tensors = updates.take();
  if (updates.scale === 1) return tensors;
  for (const [name, tensor] of Object.entries(tensors)) {
    tensors[name] = tf.mul(tensor, updates.scale);
    tensor.dispose();
  }
  return tensors;
}

/** Zeros of the parameters' shapes, under `prefix/name`. */
export const zerosLike = (parameters: Parameters, prefix: string): Record<string, tf.Variable> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [
      `${prefix}/${name}`,
      tf.tidy(() => tf.variable(tf.zerosLike(parameter), false)),
    ]),
  );
