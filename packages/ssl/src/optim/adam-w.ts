import { adamW } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';

/** The variables that an optimizer moves, by name. */
export type Parameters = Readonly<Record<string, tf.Variable>>;

/** First and second moments per parameter, and how many steps were taken. */
export interface AdamWState {
  readonly firstMoment: Parameters;
  readonly secondMoment: Parameters;
  readonly step: { value: number };
}

export interface AdamWOptions {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

const zerosLike = (parameters: Parameters): Parameters =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, p]) => [name, tf.tidy(() => tf.variable(tf.zerosLike(p), false))]),
  );

/** Zero moments for these parameters. */
export const createAdamW = (parameters: Parameters): AdamWState => ({
  firstMoment: zerosLike(parameters),
  secondMoment: zerosLike(parameters),
  step: { value: 0 },
});

/**
 * One AdamW step (Loshchilov & Hutter 2019) on every parameter that has a gradient. Vectors (biases, batch-norm scales)
 * are not decayed: pulling them to zero regularises nothing.
 */
export function applyAdamW(
  state: AdamWState,
  parameters: Parameters,
  gradients: Readonly<Record<string, tf.Tensor>>,
  { learningRate, weightDecay, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamWOptions,
): void {
  state.step.value += 1;
  const step = state.step.value;
  for (const [name, gradient] of Object.entries(gradients)) {
    const parameter = parameters[name];
    const firstMoment = state.firstMoment[name];
    const secondMoment = state.secondMoment[name];
    if (!parameter || !firstMoment || !secondMoment)
      throw new Error(`applyAdamW: a gradient for '${name}', which is not one of the parameters`);
    const decay = parameter.rank > 1 ? weightDecay : 0;
    const [p, m, v] = adamW(
      { parameter, gradient, firstMoment, secondMoment },
      { learningRate, beta1, beta2, epsilon, weightDecay: decay, step },
    );
    parameter.assign(p);
    firstMoment.assign(m);
    secondMoment.assign(v);
    tf.dispose([p, m, v]);
  }
}

/** Frees the moments. */
export function disposeAdamW(state: AdamWState): void {
  tf.dispose([state.firstMoment, state.secondMoment]);
}
