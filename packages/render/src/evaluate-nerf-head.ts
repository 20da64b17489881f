import { linear, registerStandardGradients, sampleVoxels } from '@nerfseg/ops';
import {
  add,
  concat,
  relu,
  reshape,
  slice,
  type Tensor1D,
  type Tensor2D,
  tensor2d,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import { densityActivation } from './density-activation.js';
import type { NerfHead } from './nerf-head.js';
import { stackedInterpolation } from './stacked-interpolation.js';
import { stopGradient } from './stop-gradient.js';
import type { RaySamples } from './types.js';

/** Density and semantics at the samples. */
export type RadianceField = {
  /** [S] 1/m. */
  readonly density: Tensor1D;
  /** [S, C] */
  readonly logits: Tensor2D;
};

/**
 * Evaluates the head at every sample; differentiable in its weights, the features and the voxel logits.
 *
 * @param levelFeatures [V_l, C_l] per level, in the order of `marchRays`' levels.
 * @param voxelLogits [V_0, C] of the finest level; needed where the head shares the voxel classifier.
 */
export const evaluateNerfHead = (
  head: NerfHead,
  levelFeatures: readonly Tensor2D[],
  samples: RaySamples,
  voxelLogits?: Tensor2D,
): RadianceField => {
  const { config, trainable } = head;
  checkInputs(head, levelFeatures, samples, voxelLogits);
  registerStandardGradients();
  return tidy(() => {
    const classBias = trainable['classes.bias'] as Tensor1D;
    const densityBias = trainable['density.bias'] as Tensor1D;
    if (samples.sampleCount === 0) {
      // Nothing to evaluate, yet connected to the weights: a loss on it has (zero) gradients.
      const none = reshape(slice(classBias, [0], [0]), [0, config.numClasses]) as Tensor2D;
      return { density: slice(densityBias, [0], [0]), logits: none };
    }
    const extras = tensor2d(samples.extras, [samples.sampleCount, samples.extraSize]);
    const hidden = hiddenLayers(head, 'trunk', levelFeatures, extras, samples);
    const seen = config.stopDensityGradient ? levelFeatures.map(stopGradient) : levelFeatures;
    const forDensity = config.separateDensity
      ? hiddenLayers(head, 'densityTrunk', seen, extras, samples)
      : config.stopDensityGradient
        ? hiddenLayers(head, 'trunk', seen, extras, samples)
        : hidden;
    const raw = linear(forDensity, trainable['density.weight'] as Tensor2D, densityBias);
    const own = linear(hidden, trainable['classes.weight'] as Tensor2D, classBias);
    return {
      density: densityActivation(reshape(raw, [samples.sampleCount]) as Tensor1D, config.densityActivation),
      logits:
        config.shareClassifier && voxelLogits ? add(own, sampleVoxels(voxelLogits, samples.levels[0])) : own,
    };
  });
};

/** The hidden layers at the samples; the first one's products with features are formed per voxel. */
const hiddenLayers = (
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

const checkInputs = (
  { config }: NerfHead,
  levelFeatures: readonly Tensor2D[],
  samples: RaySamples,
  voxelLogits: Tensor2D | undefined,
): void => {
  const found = levelFeatures.map((x) => x.shape.join('x')).join(', ');
  const expected = samples.levelRows.map((rows, l) => `${rows}x${config.levelChannels[l]}`).join(', ');
  if (found !== expected || config.levelChannels.length !== samples.levels.length)
    throw new RangeError(`level features: found [${found}], expected [${expected}]`);
  if (!config.shareClassifier) return;
  const wanted = `${samples.levelRows[0]},${config.numClasses}`;
  if (voxelLogits?.shape.join() !== wanted)
    throw new RangeError(
      `voxel logits: found [${voxelLogits?.shape}], expected [${wanted}]: the head shares them`,
    );
};
