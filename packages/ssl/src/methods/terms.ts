import { bestClassCrossEntropy, softmaxCrossEntropy } from '@nerfseg/ops';
import { densityLikelihood } from '@nerfseg/render';
import { rowWeights } from '../losses/class-weights.js';
import { consistencyLoss } from '../losses/consistency.js';
import { freeSpaceLoss } from '../losses/free-space.js';
import { supervisedLoss } from '../losses/supervised.js';
import type { LossTerm } from './method.js';

/** L3d of the labelled scans. */
export const labelTerm: LossTerm = {
  name: 'labels',
  weight: () => 1,
  loss: ({ features, batch, settings }) =>
    supervisedLoss(features.logits, batch.labels, batch.classWeights, settings.lovaszWeight),
};

/** Pseudo-labels of voxels: cross-entropy, weighed by class like the labels'. */
const voxelTerm = (weight: LossTerm['weight']): LossTerm => ({
  name: 'pseudoVoxels',
  weight,
  loss: ({ features, batch: { pseudoVoxels, classWeights } }) =>
    pseudoVoxels &&
    softmaxCrossEntropy(features.logits, pseudoVoxels, rowWeights(pseudoVoxels, classWeights)),
});

/** Of what pictures or other views label. */
export const pseudoVoxelTerm = voxelTerm((settings, ramp) => settings.pseudoPointWeight * ramp);

/** Of self-training, which has them in place of labels: they weigh as much. */
export const selfTrainingTerm = voxelTerm((_, ramp) => ramp);

/** What rays render to: known classes, LiDAR returns, free space, and pseudo-labels. */
export const renderingTerms: readonly LossTerm[] = [
  {
    name: 'nerf',
    weight: (settings) => settings.nerfWeight,
    loss: ({ rendered }) => {
      const seen = rendered();
      // Returns were drawn class by class (chooseReturns): weighing them again would favour rare classes twice.
      return seen && softmaxCrossEntropy(seen.logProbabilities, seen.rays.classes);
    },
  },
  {
    name: 'density',
    weight: (settings) => settings.densityWeight,
    loss: ({ rendered }) => {
      const seen = rendered();
      return seen && densityLikelihood(seen.density, seen.rays.samples, seen.rays.range);
    },
  },
  {
    name: 'freeSpace',
    weight: (settings) => settings.densityWeight,
    loss: ({ rendered }) => {
      const seen = rendered();
      return seen && freeSpaceLoss(seen.opacity, seen.rays.free);
    },
  },
  {
    name: 'pseudo',
    weight: (settings, ramp) => settings.pseudoWeight * ramp,
    loss: ({ rendered, batch: { classWeights } }) => {
      const seen = rendered();
      if (!seen) return undefined;
      const { pseudoClasses, pseudoWeights } = seen.rays;
      const weights = rowWeights(pseudoClasses, classWeights, pseudoWeights);
      return softmaxCrossEntropy(seen.logProbabilities, pseudoClasses, weights);
    },
  },
];

/** The student's probabilities against its average's, on the same voxels. */
export const consistencyTerm: LossTerm = {
  name: 'consistency',
  weight: (settings, ramp) => settings.consistencyWeight * ramp,
  loss: ({ features, batch: { target } }) => target && consistencyLoss(features.logits, target),
};

/** Mixed scans, as if their labels were true. */
export const mixedTerm: LossTerm = {
  name: 'mixed',
  weight: (settings, ramp) => settings.mixWeight * ramp,
  loss: ({ features, batch, settings }) =>
    batch.mixedLabels &&
    supervisedLoss(features.logits, batch.mixedLabels, batch.classWeights, settings.lovaszWeight),
};

const crossWeight: LossTerm['weight'] = (settings, ramp) => settings.crossWeight * ramp;

/** The second network's part: the same labels, and each network teaches the other the classes that it likes best, on all scans. */
export const crossTerms: readonly LossTerm[] = [
  {
    name: 'peerLabels',
    weight: () => 1,
    loss: ({ peerLogits, batch, settings }) =>
      supervisedLoss(peerLogits(), batch.labels, batch.classWeights, settings.lovaszWeight),
  },
  {
    name: 'cross',
    weight: crossWeight,
    loss: ({ features, peerLogits, batch }) =>
      bestClassCrossEntropy(features.logits, peerLogits(), batch.classWeights),
  },
  {
    name: 'peerCross',
    weight: crossWeight,
    loss: ({ features, peerLogits, batch }) =>
      bestClassCrossEntropy(peerLogits(), features.logits, batch.classWeights),
  },
];
