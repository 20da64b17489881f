import * as tf from '@tensorflow/tfjs-core';
import type { Network } from './network.js';

/** A network with the same values in variables of its own: a teacher, or the best one so far. */
export function copyNetwork(network: Network): Network {
  const copies = (variables: Readonly<Record<string, tf.Variable>>): Record<string, tf.Variable> =>
    Object.fromEntries(
      Object.entries(variables).map(([name, variable]) => [name, tf.variable(variable, variable.trainable)]),
    );
  return {
    config: network.config,
    trainable: copies(network.trainable),
    statistics: copies(network.statistics),
  };
}
