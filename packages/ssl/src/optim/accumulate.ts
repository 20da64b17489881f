import { weightedSums } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Transformation } from './transformation.js';
import { materialise, named, replace, tensorUpdates, zerosLike } from './updates.js';

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
    const tensors = materialise(updates);
    const sums = Object.keys(tensors).map((name) => variables[`gathered/${name}`]!);
    const more = Object.values(tensors);
    replace(sums, weightedSums({ tensors: sums, weight: 1 }, { tensors: more, weight: 1 }));
    tf.dispose(more);
    counters.gathered += 1;
    if (counters.gathered < batches) return undefined;
    counters.gathered = 0;
    const names = Object.keys(parameters);
    const gathered = names.map((name) => variables[`gathered/${name}`]!);
    const mean = weightedSums({ tensors: gathered, weight: 1 / batches });
    tf.tidy(() => {
      for (const sum of gathered) sum.assign(tf.zerosLike(sum));
    });
    return tensorUpdates(named(names, mean), parameters);
  },
});
