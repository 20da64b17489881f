import type * as tf from '@tensorflow/tfjs-core';

/** The variables that an optimizer moves, by name. */
export type Parameters = Readonly<Record<string, tf.Variable>>;

/** Tensors by the names of the parameters that they belong to. */
export type NamedTensors = Readonly<Record<string, tf.Tensor>>;

/** What a transformation remembers between steps: a checkpoint holds all of it. */
export interface OptimizerState {
  /** Tensors by name, such as `firstMoment/network/...`. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** Whole numbers, such as steps taken; changed in place. */
  readonly counters: Record<string, number>;
  /** The states of the links of a chain. */
  readonly links?: readonly OptimizerState[];
}

/**
 * What is to be added to the parameters, on its way through a chain: gradients at first, a step at last. It is held in
 * two forms so that a fused kernel can move a parameter in one pass, however many scalings follow it in the chain.
 */
export interface Updates {
  /** Names of the parameters that are moved. */
  readonly names: readonly string[];
  /** A factor still to be applied: scalings change this number alone. */
  readonly scale: number;
  /** The tensors, without `scale`; once. They are the taker's to dispose. */
  readonly take: () => Record<string, tf.Tensor>;
  /** Adds `scale` times the tensors to the parameters, and frees them. */
  readonly apply: (scale: number) => void;
  /** Frees everything unused. */
  readonly dispose: () => void;
}

/** One link of an optimizer. State changes in place: nothing is copied from step to step. */
export interface Transformation {
  readonly init: (parameters: Parameters) => OptimizerState;
  /**
   * @returns what follows from `updates`, which it consumes; undefined while it only gathers. A promise where a number must
   *   be known first: on a GPU it is waited for, nothing else may read there.
   */
  readonly update: (
    updates: Updates,
    state: OptimizerState,
    parameters: Parameters,
  ) => Updates | undefined | Promise<Updates | undefined>;
}
