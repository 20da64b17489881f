import { registerStandardGradients } from '@nerfseg/ops';
import { slice, type Tensor1D, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { checkHeadInputs } from './check-head-inputs.js';
import { densityLayers } from './density-layers.js';
import { densityOf } from './density-of.js';
import type { NerfHead } from './nerf-head.js';
import type { RaySamples } from './types.js';

/**
 * Evaluates the head's density alone at every sample, 1/m: all that `transmittanceAt` and `medianDepth` need, at half the price of
 * `evaluateNerfHead` where density has layers of its own. Differentiable like that.
 *
 * @param levelFeatures [V_l, C_l] per level, in the order of `marchRays`' levels.
 * @returns [S]
 */
export const evaluateDensity = (
  head: NerfHead,
  levelFeatures: readonly Tensor2D[],
  samples: RaySamples,
): Tensor1D => {
  checkHeadInputs(head, levelFeatures, samples);
  registerStandardGradients();
  return tidy(() => {
    // Nothing to evaluate, yet connected to the weights: a loss on it has (zero) gradients.
    if (samples.sampleCount === 0) return slice(head.trainable['density.bias'] as Tensor1D, [0], [0]);
    const extras = tensor2d(samples.extras, [samples.sampleCount, samples.extraSize]);
    return densityOf(head, densityLayers(head, levelFeatures, extras, samples));
  });
};
