import * as tf from '@tensorflow/tfjs-core';
import type { Transformation } from './transformation.js';
import { materialise, tensorUpdates, zerosLike } from './updates.js';

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
    for (const [name, gradient] of Object.entries(gradients)) {
      const parameter = parameters[name]!;
      gradients[name] = tf.tidy(() => {
        const pulled =
          weightDecay > 0 && parameter.rank > 1 ? tf.add(gradient, tf.mul(parameter, weightDecay)) : gradient;
        const velocity = variables[`velocity/${name}`];
        if (!velocity) return tf.clone(pulled);
        velocity.assign(tf.add(tf.mul(velocity, momentum), pulled));
        return nesterov ? tf.add(pulled, tf.mul(velocity, momentum)) : tf.clone(velocity);
      });
      gradient.dispose();
    }
    return tensorUpdates(gradients, parameters, -learningRate);
  },
});
