import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { AdamWAttrs, AdamWInputs } from '../kernels.js';
import { type HostMemory, viewsOf } from './memory.js';

export const hostAdamW = (
  memory: HostMemory,
  { parameter, gradient, firstMoment, secondMoment }: AdamWInputs,
  { learningRate, beta1, beta2, epsilon, weightDecay, step }: AdamWAttrs,
): TensorInfo[] => {
  const outputs = [0, 1, 2].map(() => memory.make(parameter.shape));
  const inputs = [parameter, gradient, firstMoment, secondMoment];
  const [p, m, v, oldP, g, oldM, oldV] = viewsOf(memory, [...outputs, ...inputs]);
  const rate = learningRate / (1 - beta1 ** step);
  const correction = 1 / (1 - beta2 ** step);
  const keep = 1 - learningRate * weightDecay;
  for (let n = 0; n < p.length; n++) {
    const first = beta1 * oldM[n] + (1 - beta1) * g[n];
    const second = beta2 * oldV[n] + (1 - beta2) * g[n] * g[n];
    m[n] = first;
    v[n] = second;
    p[n] = oldP[n] * keep - (rate * first) / (Math.sqrt(second * correction) + epsilon);
  }
  return outputs;
};
