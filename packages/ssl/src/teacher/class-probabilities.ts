import { encodeScans, type Network, type ScanPlan } from '@nerfseg/backbone';
import * as tf from '@tensorflow/tfjs-core';

/** [V*C] what a network gives each voxel, by its running statistics: softmax over all classes, as in the losses. */
export async function classProbabilities(network: Network, plan: ScanPlan): Promise<Float32Array> {
  const probabilities = tf.tidy(() =>
    tf.softmax(encodeScans(network, plan, { training: false, levels: false }).logits),
  );
  // A copy: engines may lend their own memory.
  const values = new Float32Array(await probabilities.data<'float32'>());
  probabilities.dispose();
  return values;
}
