import type { Random } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import type { Cylinder3dConfig } from './config.js';
import type { Network } from './network.js';
import { type ParameterSpec, parameterSpecs } from './parameters.js';

function initialValues(spec: ParameterSpec, random: Random): Float32Array {
  const values = new Float32Array(spec.shape.reduce((product, n) => product * n, 1));
  if (spec.initial === 'ones') values.fill(1);
  if (spec.initial === 'uniform') {
    // A stream per name: a parameter's start does not depend on which others the network has.
    const stream = random.fork(spec.name);
    const bound = 1 / Math.sqrt(spec.fanIn);
    for (let i = 0; i < values.length; i++) values[i] = (2 * stream.next() - 1) * bound;
  }
  return values;
}

/**
 * A new Cylinder3D. Weights and biases start uniform in +-1/sqrt(fanIn) (Kaiming uniform with a = sqrt 5, the default of
 * PyTorch and spconv 2), batch norms as the identity. Same random state, same network.
 */
export function createCylinder3d(config: Cylinder3dConfig, random: Random): Network {
  const trainable: Record<string, tf.Variable> = {};
  const statistics: Record<string, tf.Variable> = {};
  for (const spec of parameterSpecs(config)) {
    const values = tf.tensor(initialValues(spec, random), [...spec.shape], 'float32');
    (spec.trainable ? trainable : statistics)[spec.name] = tf.variable(values, spec.trainable);
    values.dispose();
  }
  return { config, trainable, statistics };
}
