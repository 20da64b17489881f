import { registerStandardGradients } from '@nerfseg/ops';
import { slice, type Tensor1D, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { checkHeadInputs } from './check-head-inputs.js';
import { densityOf } from './density-of.js';
import { hiddenLayers } from './hidden-layers.js';
import type { NerfHead } from './nerf-head.js';
import { stopGradient } from './stop-gradient.js';
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
  const { config, trainable } = head;
  checkHeadInputs(head, levelFeatures, samples);
  registerStandardGradients();
  return tidy(() => {
    // Nothing to evaluate, yet connected to the weights: a loss on it has (zero) gradients.
    if (samples.sampleCount === 0) return slice(trainable['density.bias'] as Tensor1D, [0], [0]);
    const seen = config.stopDensityGradient ? levelFeatures.map(stopGradient) : levelFeatures;
    const trunk = config.separateDensity ? 'densityTrunk' : 'trunk';
    return densityOf(head, hiddenLayers(head, trunk, seen, samples));
  });
};
