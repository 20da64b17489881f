import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { AdamWAttrs, AdamWInputs } from '../kernels.js';
import { type HostMemory, viewsOf } from './memory.js';

export const hostAdamW = (memory: HostMemory, inputs: AdamWInputs, attrs: AdamWAttrs): TensorInfo[] =>
  attrs.weightDecay.flatMap((decay, k) => moved(memory, inputs.slice(4 * k, 4 * k + 4), attrs, decay));

/** @param state parameter, gradient, first and second moment */
const moved = (
  memory: HostMemory,
  state: readonly TensorInfo[],
  { learningRate, beta1, beta2, epsilon, step }: AdamWAttrs,
  weightDecay: number,
): TensorInfo[] => {
  const outputs = [0, 1, 2].map(() => memory.make(state[0].shape));
  const [p, m, v, oldP, g, oldM, oldV] = viewsOf(memory, [...outputs, ...state]);
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
