import { sumOfAll } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';

/** Optical depth beyond which a ray costs no more, as in `densityLikelihood`. */
const limit = 8;

/**
 * Rays that met nothing: their optical depth -log(1 - opacity), at most 8, averaged over the rays that `free` marks. The
 * negative log likelihood that a pulse passes all of the space along them.
 *
 * @param opacity [R]
 * @param free [R] 1 for rays that met nothing
 */
export function freeSpaceLoss(opacity: tf.Tensor1D, free: Uint8Array): tf.Scalar {
  const count = free.reduce((sum, mark) => sum + mark, 0);
  return tf.tidy(() => {
    const depth = tf.minimum(tf.neg(tf.log(tf.sub(1 + Math.exp(-limit), opacity))), limit);
    return tf.div(
      sumOfAll(tf.mul(depth, tf.tensor1d(Float32Array.from(free)))),
      Math.max(1, count),
    ) as tf.Scalar;
  });
}
