import * as tf from '@tensorflow/tfjs-core';

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
  average(teacher.trainable, student.trainable, decay);
  average(teacher.statistics ?? {}, student.statistics ?? {}, decay);
}
