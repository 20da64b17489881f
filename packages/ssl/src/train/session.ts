import { disposeNetwork, type Network } from '@nerfseg/backbone';
import { disposeNerfHead } from '@nerfseg/render';
import type * as tf from '@tensorflow/tfjs-core';
import type { MethodState } from '../methods/method-state.js';
import { disposeOptimizer, type Optimizer } from '../optim/optimizer.js';
import type { Parameters } from '../optim/transformation.js';
import { prefixed } from './prefixed.js';

/** Everything that training changes. */
export interface Session extends MethodState {
  readonly student: Network;
  /** Exponential average of the student: it makes the pseudo-labels, and it is what is evaluated and kept. */
  readonly averaged: Network;
  /** What the optimizer moves: variables of the student, its head and the second network, under `network/`, `head/`, `peer/`. */
  readonly parameters: Parameters;
  readonly optimizer: Optimizer;
  /** What changes besides tensors. */
  readonly progress: {
    /** Optimizer steps taken. */
    step: number;
    /** Joint norm of the last step's gradients, before clipping. */
    gradientNorm: number;
  };
}

const networkTensors = (name: string, network: Network): Record<string, tf.Variable> => ({
  ...prefixed(name, network.trainable),
  ...prefixed(name, network.statistics),
});

/** Every tensor of the session by name: what a checkpoint holds. */
export const sessionTensors = ({
  student,
  averaged,
  heads,
  peer,
  labeller,
  optimizer,
}: Session): Record<string, tf.Variable> => ({
  ...networkTensors('student', student),
  ...networkTensors('averaged', averaged),
  ...(heads ? prefixed('studentHead', heads.student.trainable) : {}),
  ...(heads ? prefixed('averagedHead', heads.averaged.trainable) : {}),
  ...(peer ? networkTensors('peer', peer) : {}),
  ...(labeller ? networkTensors('labeller', labeller.network) : {}),
  ...(labeller ? { 'labeller/thresholds': labeller.thresholds } : {}),
  ...prefixed('optimizer', optimizer.state.variables),
});

/** Frees everything: training failed, or was interrupted. */
export function disposeSession(session: Session): void {
  disposeTraining(session);
  disposeNetwork(session.averaged);
  if (session.heads) disposeNerfHead(session.heads.averaged);
}

/** Frees all but what training hands out: the averaged network and head. */
export function disposeTraining({ student, heads, peer, labeller, optimizer }: Session): void {
  disposeNetwork(student);
  if (peer) disposeNetwork(peer);
  if (labeller) {
    disposeNetwork(labeller.network);
    labeller.thresholds.dispose();
  }
  if (heads) disposeNerfHead(heads.student);
  disposeOptimizer(optimizer);
}
