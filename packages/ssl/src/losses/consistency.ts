import * as tf from '@tensorflow/tfjs-core';

/**
 * Mean squared difference of class probabilities over the first T rows, all classes alike (Mean Teacher: Tarvainen &
 * Valpola 2017; as LaserMix's released code has it).
 *
 * @param logits [V, C], V >= T
 * @param target [T*C] the teacher's probabilities
 */
export function consistencyLoss(logits: tf.Tensor2D, target: Float32Array): tf.Scalar {
  const classes = logits.shape[1];
  const rows = target.length / classes;
  return tf.tidy(() => {
    const own = tf.softmax(rows === logits.shape[0] ? logits : tf.slice(logits, [0, 0], [rows, classes]));
    return tf.mean(tf.square(tf.sub(own, tf.tensor2d(target, [rows, classes])))) as tf.Scalar;
  });
}
