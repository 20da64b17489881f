import { linear, sampleVoxels } from '@nerfseg/ops';
import { add, concat, relu, type Tensor1D, type Tensor2D, zeros } from '@tensorflow/tfjs-core';
import type { NerfHead } from './nerf-head.js';
import { stackedInterpolation } from './stacked-interpolation.js';
import type { RaySamples } from './types.js';

/**
 * The hidden layers at the samples; the first one's products with features are formed per voxel.
 *
 * @param extras the samples' own, as a tensor [S, E]
 */
export const hiddenLayers = (
  { config, trainable }: NerfHead,
  trunk: 'trunk' | 'densityTrunk',
  levelFeatures: readonly Tensor2D[],
  extras: Tensor2D,
  samples: RaySamples,
): Tensor2D => {
  const nothing = zeros([config.hidden]) as Tensor1D;
  const perVoxel = concat(
    levelFeatures.map((x, l) => linear(x, trainable[`${trunk}.level${l}`] as Tensor2D, nothing)),
    0,
  );
  const fromVoxels = sampleVoxels(perVoxel, stackedInterpolation(samples));
  const fromPlace = linear(
    extras,
    trainable[`${trunk}.extras`] as Tensor2D,
    trainable[`${trunk}.bias`] as Tensor1D,
  );
  let x: Tensor2D = relu(add(fromVoxels, fromPlace));
  for (let n = 1; n < config.layers; n++) {
    const weight = trainable[`${trunk}.layer${n}.weight`] as Tensor2D;
    x = linear(x, weight, trainable[`${trunk}.layer${n}.bias`] as Tensor1D, 'relu');
  }
  return x;
};
