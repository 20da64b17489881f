import { type Cylinder3dConfig, copyNetwork, createCylinder3d } from '@nerfseg/backbone';
import type { Random } from '@nerfseg/geometry';
import type { MethodState } from '../methods/method-state.js';
import { methods } from '../methods/methods.js';
import { createOptimizer } from '../optim/optimizer.js';
import { optimizerOf } from './optimizer-of.js';
import { prefixed } from './prefixed.js';
import type { Session } from './session.js';
import type { TrainSettings } from './settings.js';

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
