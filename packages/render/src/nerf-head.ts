import type { Variable } from '@tensorflow/tfjs-core';

/** What a NeRF head looks like; see `createNerfHead`. */
export interface NerfHeadConfig {
  /** Channels of the features of each level the head reads. */
  readonly levelChannels: readonly number[];
  /** C, with class 0 (ignore), which never gets probability. */
  readonly numClasses: number;
  /** Width of the hidden layers. Default 64. */
  readonly hidden?: number;
  /** Hidden layers, at least 1. Default 2. */
  readonly layers?: number;
  /** 'exp' (gradients keep their size at low density) or 'softplus'. Default 'exp'. */
  readonly densityActivation?: 'exp' | 'softplus';
  /** Density of the untrained head, 1/m. Default 0.1: rays start out able to see far. */
  readonly initialDensity?: number;
  /**
   * Add the voxel classifier's logits, interpolated on the finest level, to the head's own, whose weights then start at
   * zero: rendered losses reach the classifier that inference uses. Default false: the head's own logits alone.
   */
  readonly shareClassifier?: boolean;
  /** Give density hidden layers of its own. Default false. */
  readonly separateDensity?: boolean;
  /** Let density learn from the features without changing them. Default false. */
  readonly stopDensityGradient?: boolean;
}

/** A head's configuration, complete, and its weights by name. */
export interface NerfHead {
  readonly config: Required<NerfHeadConfig>;
  readonly trainable: Readonly<Record<string, Variable>>;
}
