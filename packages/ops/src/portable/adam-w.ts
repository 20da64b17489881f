import { add, div, mul, scalar, sqrt, square, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { TensorsOf } from '../dispatch.js';
import type { AdamWAttrs, AdamWInputs } from '../kernels.js';

export const portableAdamW = (inputs: TensorsOf<AdamWInputs>, attrs: AdamWAttrs): Tensor[] =>
  attrs.weightDecay.flatMap((decay, k) => tidy(() => moved(inputs.slice(4 * k, 4 * k + 4), attrs, decay)));

const moved = (
  [parameter, gradient, firstMoment, secondMoment]: readonly Tensor[],
  { learningRate, beta1, beta2, epsilon, step }: AdamWAttrs,
  weightDecay: number,
): Tensor[] => {
  const first = add(mul(firstMoment, scalar(beta1)), mul(gradient, scalar(1 - beta1)));
  const second = add(mul(secondMoment, scalar(beta2)), mul(square(gradient), scalar(1 - beta2)));
  const unbiased = add(sqrt(mul(second, scalar(1 / (1 - beta2 ** step)))), scalar(epsilon));
  const change = div(mul(first, scalar(learningRate / (1 - beta1 ** step))), unbiased);
  return [sub(mul(parameter, scalar(1 - learningRate * weightDecay)), change), first, second];
};
