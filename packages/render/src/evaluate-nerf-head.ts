import { linear, registerStandardGradients, sampleVoxels } from '@nerfseg/ops';
import { add, reshape, slice, type Tensor1D, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { checkHeadInputs } from './check-head-inputs.js';
import { densityLayers } from './density-layers.js';
import { densityOf } from './density-of.js';
import { hiddenLayers } from './hidden-layers.js';
import type { NerfHead } from './nerf-head.js';
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
  checkHeadInputs(head, levelFeatures, samples);
  checkLogits(head, samples, voxelLogits);
  registerStandardGradients();
  return tidy(() => {
    const classBias = trainable['classes.bias'] as Tensor1D;
    if (samples.sampleCount === 0) {
      // Nothing to evaluate, yet connected to the weights: a loss on it has (zero) gradients.
      const none = reshape(slice(classBias, [0], [0]), [0, config.numClasses]) as Tensor2D;
      return { density: slice(trainable['density.bias'] as Tensor1D, [0], [0]), logits: none };
    }
    const extras = tensor2d(samples.extras, [samples.sampleCount, samples.extraSize]);
    const hidden = hiddenLayers(head, 'trunk', levelFeatures, extras, samples);
    const forDensity =
      config.separateDensity || config.stopDensityGradient
        ? densityLayers(head, levelFeatures, extras, samples)
        : hidden;
    const own = linear(hidden, trainable['classes.weight'] as Tensor2D, classBias);
    return {
      density: densityOf(head, forDensity),
      logits:
        config.shareClassifier && voxelLogits ? add(own, sampleVoxels(voxelLogits, samples.levels[0])) : own,
    };
  });
};

const checkLogits = ({ config }: NerfHead, samples: RaySamples, voxelLogits: Tensor2D | undefined): void => {
  if (!config.shareClassifier) return;
  const wanted = `${samples.levelRows[0]},${config.numClasses}`;
  if (voxelLogits?.shape.join() !== wanted)
    throw new RangeError(
      `voxel logits: found [${voxelLogits?.shape}], expected [${wanted}]: the head shares them`,
    );
};
