import * as tf from '@tensorflow/tfjs-core';
import type { Cylinder3dConfig } from './config.js';
import type { Network } from './network.js';
import { type ParameterSpec, parameterSpecs } from './parameters.js';

/** A network whose variables take their values, [product of the shape], from `valuesOf`. */
export function buildNetwork(
  config: Cylinder3dConfig,
  valuesOf: (spec: ParameterSpec, size: number) => Float32Array,
): Network {
  const trainable: Record<string, tf.Variable> = {};
  const statistics: Record<string, tf.Variable> = {};
  for (const spec of parameterSpecs(config)) {
    const size = spec.shape.reduce((product, n) => product * n, 1);
    const values = tf.tensor(valuesOf(spec, size), [...spec.shape], 'float32');
    (spec.trainable ? trainable : statistics)[spec.name] = tf.variable(values, spec.trainable);
    values.dispose();
  }
  return { config, trainable, statistics };
}
