import {
  type Cylinder3dConfig,
  copyNetwork,
  createCylinder3d,
  disposeNetwork,
  levelChannels,
  type Network,
} from '@nerfseg/backbone';
import type { Random } from '@nerfseg/geometry';
import { copyNerfHead, createNerfHead, disposeNerfHead, type NerfHead } from '@nerfseg/render';
import type * as tf from '@tensorflow/tfjs-core';
import { createOptimizer, disposeOptimizer, type Optimizer } from '../optim/optimizer.js';
import type { Parameters } from '../optim/transformation.js';
import { optimizerOf } from './optimizer-of.js';
import type { TrainSettings } from './settings.js';

/** Everything that training changes. */
export interface Session {
  readonly student: Network;
  /** Exponential average of the student: it makes the pseudo-labels, and it is what is evaluated and kept. */
  readonly averaged: Network;
  /** Only where the method renders. */
  readonly heads?: { readonly student: NerfHead; readonly averaged: NerfHead };
  /** The student's and its head's trainable variables, under `network/...` and `head/...`. */
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
  const head =
    settings.method === 'nerf'
      ? createNerfHead(
          {
            levelChannels: levelChannels(config),
            numClasses: config.numClasses,
            hidden: settings.headWidth,
            // Without it the rendered losses would never reach the classifier that inference uses.
            shareClassifier: true,
          },
          random.fork('head'),
        )
      : undefined;
  const parameters = {
    ...prefixed('network', student.trainable),
    ...(head ? prefixed('head', head.trainable) : {}),
  };
  const progress = { step: 0, gradientNorm: 0 };
  const transformation = optimizerOf(settings, (norm) => {
    progress.gradientNorm = norm;
  });
  return {
    student,
    averaged,
    ...(head ? { heads: { student: head, averaged: copyNerfHead(head) } } : {}),
    parameters,
    optimizer: createOptimizer(transformation, parameters),
    progress,
  };
}

/** Every tensor of the session by name: what a checkpoint holds. */
export const sessionTensors = ({
  student,
  averaged,
  heads,
  optimizer,
}: Session): Record<string, tf.Variable> => ({
  ...prefixed('student', student.trainable),
  ...prefixed('student', student.statistics),
  ...prefixed('averaged', averaged.trainable),
  ...prefixed('averaged', averaged.statistics),
  ...(heads ? prefixed('studentHead', heads.student.trainable) : {}),
  ...(heads ? prefixed('averagedHead', heads.averaged.trainable) : {}),
  ...prefixed('optimizer', optimizer.state.variables),
});

/** Frees everything: training failed, or was interrupted. */
export function disposeSession(session: Session): void {
  disposeTraining(session);
  disposeNetwork(session.averaged);
  if (session.heads) disposeNerfHead(session.heads.averaged);
}

/** Frees all but what training hands out: the averaged network and head. */
export function disposeTraining({ student, heads, optimizer }: Session): void {
  disposeNetwork(student);
  if (heads) disposeNerfHead(heads.student);
  disposeOptimizer(optimizer);
}
