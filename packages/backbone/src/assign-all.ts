import type * as tf from '@tensorflow/tfjs-core';

/** Sets variables to tensors of their shapes, one to one. */
export function assignAll(variables: readonly tf.Variable[], tensors: readonly tf.Tensor[]): void {
  for (const [i, variable] of variables.entries()) variable.assign(tensors[i]);
}
