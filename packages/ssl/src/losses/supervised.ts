import { lovaszSoftmax, softmaxCrossEntropy } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { rowWeights } from './class-weights.js';

/**
 * L3d = cross-entropy + lovaszWeight * Lovasz-softmax over voxels (Zhu et al. 2021; Berman et al. 2018); label 0 is
 * ignored. A scan without labels contributes 0 through labels that are all 0.
 *
 * @param logits [V, C]
 * @param labels [V]
 * @param perClass [C] class weights of the cross-entropy
 */
export function supervisedLoss(
  logits: tf.Tensor2D,
  labels: Uint8Array,
  perClass: Float32Array,
  lovaszWeight: number,
): tf.Scalar {
  const entropy = softmaxCrossEntropy(logits, labels, rowWeights(labels, perClass));
  if (lovaszWeight === 0) return entropy;
  return tf.add(entropy, tf.mul(lovaszSoftmax(tf.softmax(logits), labels), lovaszWeight));
}
