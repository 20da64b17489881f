import {
  type Cylinder3dConfig,
  copyNetwork,
  createCylinder3d,
  disposeNetwork,
  type Network,
} from '@nerfseg/backbone';
import type { Random } from '@nerfseg/geometry';
import { disposeNerfHead } from '@nerfseg/render';
import type * as tf from '@tensorflow/tfjs-core';
import type { MethodState } from '../methods/method.js';
import { methods } from '../methods/methods.js';
import { createOptimizer, disposeOptimizer, type Optimizer } from '../optim/optimizer.js';
import type { Parameters } from '../optim/transformation.js';
import { optimizerOf } from './optimizer-of.js';
import type { TrainSettings } from './settings.js';

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

const prefixed = <T>(prefix: string, record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [`${prefix}/${name}`, value]));

/** A fresh session: networks, heads and optimizer, initialised from `random`. */
export function createSession(config: Cylinder3dConfig, settings: TrainSettings, random: Random): Session {
  const student = createCylinder3d(config, random.fork('network'));
  const averaged = copyNetwork(student);
  const state: MethodState = Object.assign(
    {},
    ...methods[settings.method].state.map((make) => make(config, settings, student, random)),
  );
  const parameters = {
    ...prefixed('network', student.trainable),
    ...(state.heads ? prefixed('head', state.heads.student.trainable) : {}),
    ...(state.peer ? prefixed('peer', state.peer.trainable) : {}),
  };
  const progress = { step: 0, gradientNorm: 0 };
  const transformation = optimizerOf(settings, (norm) => {
    progress.gradientNorm = norm;
  });
  return {
    student,
    averaged,
    ...state,
    parameters,
    optimizer: createOptimizer(transformation, parameters),
    progress,
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
