import { type WeightedTerm, weightedSums } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Transformation } from './transformation.js';
import { materialise, named, replace, tensorUpdates, zerosLike } from './updates.js';

export interface SgdOptions {
  /** Default 1: a schedule that follows in the chain says the rate. */
  readonly learningRate?: number;
  /** 0 (default): none, and nothing is remembered. */
  readonly momentum?: number;
  readonly nesterov?: boolean;
  /** Added to the gradients of matrices and kernels, as PyTorch's SGD does; vectors are spared, as by `adamW`. */
  readonly weightDecay?: number;
}

/** Stochastic gradient descent with momentum, as PyTorch has it: velocity = momentum * velocity + gradient. */
export const sgd = ({
  learningRate = 1,
  momentum = 0,
  nesterov = false,
  weightDecay = 0,
}: SgdOptions = {}): Transformation => ({
  init: (parameters) => ({
    variables: momentum > 0 ? zerosLike(parameters, 'velocity') : {},
    counters: {},
  }),
  update: (updates, { variables }, parameters) => {
    const gradients = materialise(updates);
    if (weightDecay > 0) {
      const names = Object.keys(gradients).filter((name) => parameters[name]!.rank > 1);
      const tensors = names.map((name) => parameters[name]!);
      exchange(gradients, names, { tensors, weight: weightDecay });
    }
    if (momentum > 0) {
      const names = Object.keys(gradients);
      const tensors = names.map((name) => variables[`velocity/${name}`]!);
      const plain = Object.values(gradients);
      replace(tensors, weightedSums({ tensors, weight: momentum }, { tensors: plain, weight: 1 }));
      if (nesterov) exchange(gradients, names, { tensors, weight: momentum });
      else {
        tf.dispose(plain);
        for (const [i, name] of names.entries()) gradients[name] = tf.clone(tensors[i]!);
      }
    }
    return tensorUpdates(gradients, parameters, -learningRate);
  },
});

/** Adds a term to the gradients of these names. */
function exchange(gradients: Record<string, tf.Tensor>, names: readonly string[], term: WeightedTerm): void {
  const plain = names.map((name) => gradients[name]!);
  Object.assign(gradients, named(names, weightedSums({ tensors: plain, weight: 1 }, term)));
  tf.dispose(plain);
}
