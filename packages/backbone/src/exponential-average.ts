import { weightedSums } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { assignAll } from './assign-all.js';

/** A network, or anything else that is made of variables: a NeRF head has no running statistics. */
export interface Averageable {
  readonly trainable: Readonly<Record<string, tf.Variable>>;
  readonly statistics?: Readonly<Record<string, tf.Variable>>;
}

/**
 * Moves a teacher towards its student: teacher = decay * teacher + (1 - decay) * student, parameters and running statistics
 * alike (Mean Teacher, Tarvainen & Valpola 2017). decay is 0 (copy) to 1 (stay).
 */
export function exponentialAverage(teacher: Averageable, student: Averageable, decay: number): void {
  if (!(decay >= 0 && decay <= 1)) throw new RangeError(`exponentialAverage: decay is ${decay}, not 0 to 1`);
  const moved: tf.Variable[] = [];
  const towards: tf.Variable[] = [];
  for (const part of ['trainable', 'statistics'] as const)
    for (const [name, variable] of Object.entries(teacher[part] ?? {})) {
      const other = student[part]?.[name];
      if (!other) throw new Error(`exponentialAverage: the student has no '${name}'`);
      moved.push(variable);
      towards.push(other);
    }
  tf.tidy(() =>
    assignAll(
      moved,
      weightedSums({ tensors: moved, weight: decay }, { tensors: towards, weight: 1 - decay }),
    ),
  );
}
