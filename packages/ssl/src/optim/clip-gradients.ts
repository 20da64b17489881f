import * as tf from '@tensorflow/tfjs-core';

/**
 * Scales all gradients by one factor so that their joint L2 norm is at most `maxNorm`. Disposes its input; the result
 * is the caller's to dispose.
 *
 * @returns the gradients, and the norm before clipping
 */
export function clipGradients(
  gradients: Readonly<Record<string, tf.Tensor>>,
  maxNorm: number,
): { gradients: Record<string, tf.Tensor>; norm: number } {
  const names = Object.keys(gradients);
  const squares = tf.tidy(() =>
    tf.stack(names.map((name) => tf.sum(tf.square(gradients[name]!)))).dataSync<'float32'>(),
  );
  const norm = Math.sqrt(squares.reduce((total, square) => total + square, 0));
  if (!(norm > maxNorm)) return { gradients: { ...gradients }, norm };
  const factor = maxNorm / norm;
  const clipped: Record<string, tf.Tensor> = {};
  for (const name of names) {
    clipped[name] = tf.mul(gradients[name]!, factor);
    gradients[name]!.dispose();
  }
  return { gradients: clipped, norm };
}
