import type { ScanPlan } from '@nerfseg/backbone';
import type { RaySamples } from '@nerfseg/render';

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

/** Host data of one training step. V counts the voxels of all scans, labelled ones first, mixed ones last. */
export interface StepBatch {
  readonly plan: ScanPlan;
  /** [V] true labels, those of two labelled scans mixed among them; 0 for scans without. */
  readonly labels: Uint8Array;
  /** [V] pseudo-labels, 0 for none, where the method makes them. */
  readonly pseudoVoxels?: Uint8Array;
  /** [V] labels of scans that a teacher labelled in part, 0 for all others, where there are such. */
  readonly mixedLabels?: Uint8Array;
  /** [T*C] the teacher's class probabilities of the first T voxels: of all scans but the mixed ones. */
  readonly target?: Float32Array;
  readonly rays?: SupervisedRays;
  /** [C] */
  readonly classWeights: Float32Array;
}
