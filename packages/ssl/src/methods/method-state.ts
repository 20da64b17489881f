import type { Cylinder3dConfig, Network } from '@nerfseg/backbone';
import type { Random } from '@nerfseg/geometry';
import type { NerfHead } from '@nerfseg/render';
import type * as tf from '@tensorflow/tfjs-core';
import type { TrainSettings } from '../train/settings.js';

/** What a method adds to the student and its average. All of it is in checkpoints. */
export interface MethodState {
  /** NeRF heads, of the student and of its average. */
  readonly heads?: { readonly student: NerfHead; readonly averaged: NerfHead };
  /** A second network that learns beside the student. */
  readonly peer?: Network;
  /** A network that is frozen for a round of self-training, and how sure it must be of each class, [C]. */
  readonly labeller?: { readonly network: Network; readonly thresholds: tf.Variable };
}

/** Makes what a method adds; `student` is not to be changed. */
export type MakeState = (
  config: Cylinder3dConfig,
  settings: TrainSettings,
  student: Network,
  random: Random,
) => MethodState;
