import { adamW as adamWStep } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerState, Parameters, Transformation, Updates } from './transformation.js';
import { materialise, zerosLike } from './updates.js';

export interface AdamWOptions {
  /** Default 1: a schedule that follows in the chain says the rate. */
  readonly learningRate?: number;
  readonly weightDecay?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/**
 * AdamW (Loshchilov & Hutter 2019), as PyTorch has it; the decay is scaled with the learning rate. Vectors (biases,
 * batch-norm scales) are not decayed: pulling them to zero regularises nothing. Where an engine has a fused kernel, one
 * pass moves parameter and moments, whatever scalings follow in the chain.
 */
export const adamW = (options: AdamWOptions = {}): Transformation => ({
  init: (parameters) => ({
    variables: { ...zerosLike(parameters, 'firstMoment'), ...zerosLike(parameters, 'secondMoment') },
    counters: { step: 0 },
  }),
  update: (updates, state, parameters) => {
    state.counters.step += 1;
    return fused(materialise(updates), state, parameters, options);
  },
});

function fused(
  gradients: Record<string, tf.Tensor>,
  state: OptimizerState,
  parameters: Parameters,
  { learningRate = 1, weightDecay = 0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamWOptions,
): Updates {
  const names = Object.keys(gradients);
  /** The parameter after the step; the moments are moved. */
  const stepped = (name: string, rate: number): tf.Tensor => {
    const parameter = parameters[name]!;
    const gradient = gradients[name]!;
    const firstMoment = state.variables[`firstMoment/${name}`]!;
    const secondMoment = state.variables[`secondMoment/${name}`]!;
    const [p, m, v] = adamWStep(
      { parameter, gradient, firstMoment, secondMoment },
      {
        learningRate: rate,
        beta1,
        beta2,
        epsilon,
        weightDecay: parameter.rank > 1 ? weightDecay : 0,
        step: state.counters.step!,
      },
    );
    firstMoment.assign(m);
    secondMoment.assign(v);
    tf.dispose([m, v, gradient]);
    return p;
  };
  return {
    names,
    scale: 1,
    take: () =>
      Object.fromEntries(
        names.map((name) => {
          const next = stepped(name, learningRate);
          const change = tf.sub(next, parameters[name]!);
          next.dispose();
          return [name, change];
        }),
      ),
    apply: (scale) => {
      for (const name of names) {
        const next = stepped(name, scale * learningRate);
        parameters[name]!.assign(next);
        next.dispose();
      }
    },
    dispose: () => tf.dispose(gradients),
  };
}
