import * as tf from '@tensorflow/tfjs-core';
import type { Network } from './network.js';

function average(
  teacher: Readonly<Record<string, tf.Variable>>,
  student: Readonly<Record<string, tf.Variable>>,
  decay: number,
): void {
  for (const [name, variable] of Object.entries(teacher)) {
    const other = student[name];
    if (!other) throw new Error(`exponentialAverage: the student has no '${name}'`);
    tf.tidy(() => variable.assign(tf.add(tf.mul(variable, decay), tf.mul(other, 1 - decay))));
  }
}

/**
 * Moves a teacher towards its student: teacher = decay * teacher + (1 - decay) * student, parameters and running statistics
 * alike (Mean Teacher, Tarvainen & Valpola 2017). decay is 0 (copy) to 1 (stay).
 */
export function exponentialAverage(teacher: Network, student: Network, decay: number): void {
  if (!(decay >= 0 && decay <= 1)) throw new RangeError(`exponentialAverage: decay is ${decay}, not 0 to 1`);
  average(teacher.trainable, student.trainable, decay);
  average(teacher.statistics, student.statistics, decay);
}
