import { linear } from '@nerfseg/ops';
import { reshape, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { densityActivation } from './density-activation.js';
import type { NerfHead } from './nerf-head.js';

/** Density from the last hidden layer, [S]. */
export const densityOf = ({ config, trainable }: NerfHead, hidden: Tensor2D): Tensor1D => {
  const raw = linear(hidden, trainable['density.weight'] as Tensor2D, trainable['density.bias'] as Tensor1D);
  return densityActivation(reshape(raw, [hidden.shape[0]]) as Tensor1D, config.densityActivation);
};
