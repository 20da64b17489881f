import { type BatchStatistics, encodeScans, type Network, type ScanPlan } from '@nerfseg/backbone';
import { softmaxCrossEntropy } from '@nerfseg/ops';
import { densityLikelihood, type NerfHead, type RaySamples, renderRays } from '@nerfseg/render';
import * as tf from '@tensorflow/tfjs-core';
import { rowWeights } from '../losses/class-weights.js';
import { freeSpaceLoss } from '../losses/free-space.js';
import { supervisedLoss } from '../losses/supervised.js';

/** Rays of a whole batch, marched, with what is known of each. All arrays are [R]. */
export interface SupervisedRays {
  readonly samples: RaySamples;
  /** Metres to the LiDAR return; 0 for rays that end nowhere known. */
  readonly range: Float32Array;
  /** 1 for rays along which space is known to be free. */
  readonly free: Uint8Array;
  /** True class, 0 where unknown. */
  readonly classes: Uint8Array;
  /** Pseudo-label, 0 where there is none. */
  readonly pseudoClasses: Uint8Array;
  readonly pseudoWeights: Float32Array;
}

/** Host data of one training step. */
export interface StepBatch {
  readonly plan: ScanPlan;
  /** [V] of all scans, 0 for those without labels. */
  readonly labels: Uint8Array;
  /** [V] pseudo-labels of voxels, where the method has them. */
  readonly pseudoVoxels?: Uint8Array;
  readonly rays?: SupervisedRays;
  /** [C] */
  readonly classWeights: Float32Array;
}

export interface LossWeights {
  readonly lovasz: number;
  readonly nerf: number;
  readonly density: number;
  /** Rendered pseudo-labels, already ramped. */
  readonly pseudo: number;
  /** Pseudo-labels of voxels, already ramped. */
  readonly pseudoVoxels: number;
}

/**
 * L3d + a Lnerf + density + b L2d of one batch. Runs inside a gradient computation; the parts are kept in `parts` for
 * the report, the caller disposes them.
 */
export function stepLoss(
  student: Network,
  head: NerfHead | undefined,
  batch: StepBatch,
  weights: LossWeights,
  collect: Map<string, BatchStatistics>,
  parts: Map<string, tf.Scalar>,
): tf.Scalar {
  const features = encodeScans(student, batch.plan, {
    training: true,
    collect,
    levels: batch.rays !== undefined,
  });
  const terms: tf.Scalar[] = [];
  const add = (name: string, weight: number, make: () => tf.Scalar): void => {
    if (weight === 0) return;
    const term = make();
    parts.set(name, tf.keep(tf.clone(term)));
    terms.push(tf.mul(term, weight));
  };
  add('labels', 1, () => supervisedLoss(features.logits, batch.labels, batch.classWeights, weights.lovasz));
  const { pseudoVoxels, rays, classWeights } = batch;
  if (pseudoVoxels)
    add('pseudoVoxels', weights.pseudoVoxels, () =>
      softmaxCrossEntropy(features.logits, pseudoVoxels, rowWeights(pseudoVoxels, classWeights)),
    );
  if (rays && head) {
    const rendered = renderRays(
      head,
      features.levels.map((level) => level.features),
      rays.samples,
      {
        render: 'probabilities',
        // Class losses must not pull density up where LiDAR says that there is nothing: it alone teaches density.
        unseen: 'normalise',
        voxelLogits: features.logits,
      },
    );
    add('nerf', weights.nerf, () =>
      // Returns were drawn class by class (chooseReturns): weighing them again would favour rare classes twice.
      softmaxCrossEntropy(rendered.logProbabilities, rays.classes),
    );
    add('density', weights.density, () => densityLikelihood(rendered.density, rays.samples, rays.range));
    add('freeSpace', weights.density, () => freeSpaceLoss(rendered.opacity, rays.free));
    add('pseudo', weights.pseudo, () =>
      softmaxCrossEntropy(
        rendered.logProbabilities,
        rays.pseudoClasses,
        rowWeights(rays.pseudoClasses, classWeights, rays.pseudoWeights),
      ),
    );
  }
  return tf.addN(terms);
}
