import type { StepSeconds } from '../train/stopwatch.js';

/** What is told of a step. */
export interface LossRecord {
  readonly step: number;
  /** Parts of the loss by name, `total`, and `gradientNorm`; means over the batches that were gathered. */
  readonly losses: Readonly<Record<string, number>>;
  readonly learningRate: number;
  /** Ids of the frames that the step learned from. */
  readonly frames: readonly string[];
  readonly seconds: StepSeconds;
}

/** What is told of an evaluation on the validation frames, after `step` steps. */
export interface ValidationRecord {
  readonly step: number;
  readonly pointMiou: number;
  readonly voxelMiou: number;
}

/** The best checkpoint so far, by validation mIoU of points where there is one, else by the loss on labels. */
export interface BestRecord {
  readonly step: number;
  readonly by: 'mIoU' | 'loss';
  readonly value: number;
}
