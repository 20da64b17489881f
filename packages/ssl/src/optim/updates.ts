import { weightedSums } from '@nerfseg/ops';
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
      const moved = names.map((name) => parameters[name]!);
      replace(
        moved,
        weightedSums({ tensors: moved, weight: 1 }, { tensors: Object.values(tensors), weight: factor }),
      );
      tf.dispose(tensors);
    },
    dispose: () => tf.dispose(tensors),
  };
}

/** The tensors with their scale multiplied in; consumes the updates. The caller disposes them. */
export function materialise(updates: Updates): Record<string, tf.Tensor> {
  const tensors = updates.take();
  if (updates.scale === 1) return tensors;
  const plain = Object.values(tensors);
  const scaled = named(Object.keys(tensors), weightedSums({ tensors: plain, weight: updates.scale }));
  tf.dispose(plain);
  return scaled;
}

/** Sets variables to tensors of their shapes, one to one; consumes the tensors. */
export function replace(variables: readonly tf.Variable[], tensors: readonly tf.Tensor[]): void {
  for (const [i, variable] of variables.entries()) {
    variable.assign(tensors[i]!);
    tensors[i]!.dispose();
  }
}

/** A record of tensors, from its keys and values. */
export const named = (names: readonly string[], tensors: readonly tf.Tensor[]): Record<string, tf.Tensor> =>
  Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));

/** Zeros of the parameters' shapes, under `prefix/name`. */
export const zerosLike = (parameters: Parameters, prefix: string): Record<string, tf.Variable> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [
      `${prefix}/${name}`,
      tf.tidy(() => tf.variable(tf.zerosLike(parameter), false)),
    ]),
  );
