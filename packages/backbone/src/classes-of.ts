import * as tf from '@tensorflow/tfjs-core';

/** The most likely class of each row of logits [V, classes], class 0 (ignored in training) never: [V]. Frees nothing. */
export async function classesOf(logits: tf.Tensor2D): Promise<Uint8Array> {
  const [rows, classes] = logits.shape;
  const best = tf.tidy(() => tf.argMax(tf.slice(logits, [0, 1], [rows, classes - 1]), 1));
  const indices = await best.data();
  best.dispose();
  const result = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) result[i] = indices[i] + 1;
  return result;
}
