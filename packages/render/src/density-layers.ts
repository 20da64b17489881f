import type { Tensor2D } from '@tensorflow/tfjs-core';
import { hiddenLayers } from './hidden-layers.js';
import type { NerfHead } from './nerf-head.js';
import { stopGradient } from './stop-gradient.js';
import type { RaySamples } from './types.js';

/** The hidden layers that density comes from, at the samples: its own or the trunk's, with or without gradients to the features. */
export const densityLayers = (
  head: NerfHead,
  levelFeatures: readonly Tensor2D[],
  extras: Tensor2D,
  samples: RaySamples,
): Tensor2D => {
  const { separateDensity, stopDensityGradient } = head.config;
  const seen = stopDensityGradient ? levelFeatures.map(stopGradient) : levelFeatures;
  return hiddenLayers(head, separateDensity ? 'densityTrunk' : 'trunk', seen, extras, samples);
};
