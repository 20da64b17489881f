import { adamW as adamWStep, weightedSums } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerState, Parameters, Transformation, Updates } from './transformation.js';
import { materialise, named, replace, zerosLike } from './updates.js';

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
 * batch-norm scales) are not decayed: pulling them to zero regularises nothing. One call of the
 * engine moves all parameters and moments, whatever scalings follow in the chain.
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
  const moved = names.map((name) => parameters[name]!);
  const firstMoments = names.map((name) => state.variables[`firstMoment/${name}`]!);
  const secondMoments = names.map((name) => state.variables[`secondMoment/${name}`]!);
  /** The parameters after the step; the moments are moved, the gradients freed. */
  const stepped = (rate: number): tf.Tensor[] => {
    const results = adamWStep(
      names.map((name, i) => ({
        parameter: moved[i]!,
        gradient: gradients[name]!,
        firstMoment: firstMoments[i]!,
        secondMoment: secondMoments[i]!,
      })),
      {
        learningRate: rate,
        beta1,
        beta2,
        epsilon,
        weightDecay: moved.map(({ rank }) => (rank > 1 ? weightDecay : 0)),
        step: state.counters.step!,
      },
    );
    replace(
      firstMoments,
      results.map(([, first]) => first),
    );
    replace(
      secondMoments,
      results.map(([, , second]) => second),
    );
    tf.dispose(gradients);
    return results.map(([next]) => next);
  };
  return {
    names,
    scale: 1,
    take: () => {
      const next = stepped(learningRate);
      const changes = weightedSums({ tensors: next, weight: 1 }, { tensors: moved, weight: -1 });
      tf.dispose(next);
      return named(names, changes);
    },
    apply: (scale) => replace(moved, stepped(scale * learningRate)),
    dispose: () => tf.dispose(gradients),
  };
}
