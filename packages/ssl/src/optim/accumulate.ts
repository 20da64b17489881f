import * as tf from '@tensorflow/tfjs-core';
import type { Transformation } from './transformation.js';
import { materialise, tensorUpdates, zerosLike } from './updates.js';

/**
 * Gathers the updates of `batches` calls and hands on their mean with the last: one step on a batch that would not fit
 * into memory at once. A parameter that a batch does not reach counts as 0 there.
 */
export const accumulate = (batches: number): Transformation => ({
  init: (parameters) => ({
    variables: batches > 1 ? zerosLike(parameters, 'gathered') : {},
    counters: { gathered: 0 },
  }),
  update: (updates, { variables, counters }, parameters) => {
    if (batches === 1) return updates;
    for (const [name, tensor] of Object.entries(materialise(updates))) {
      const sum = variables[`gathered/${name}`]!;
      tf.tidy(() => sum.assign(tf.add(sum, tensor)));
      tensor.dispose();
    }
    counters.gathered += 1;
    if (counters.gathered < batches) return undefined;
    counters.gathered = 0;
    const mean = Object.fromEntries(
      Object.keys(parameters).map((name) => {
        const sum = variables[`gathered/${name}`]!;
        const share = tf.mul(sum, 1 / batches);
        tf.tidy(() => sum.assign(tf.zerosLike(sum)));
        return [name, share];
      }),
    );
    return tensorUpdates(mean, parameters);
  },
});
