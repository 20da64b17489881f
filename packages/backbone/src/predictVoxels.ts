import * as tf from '@tensorflow/tfjs-core';
import { encodeScans } from './encodeScans.js';
import type { Network } from './network.js';
import type { ScanPlan } from './plan.js';

/** The most likely class of each row of logits [V, classes], class 0 (ignored in training) never: [V]. Frees nothing. */
export async function classesOf(logits: tf.Tensor2D): Promise<Uint8Array> {
  const [rows, classes] = logits.shape;
  const best = tf.tidy(() => tf.argMax(tf.slice(logits, [0, 1], [rows, classes - 1]), 1));
  const indices = await best.data();
  best.dispose();
  const result = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) result[i] = indices[i]! + 1;
  return result;
}

/** The class (1..numClasses-1) of every level-0 voxel of a plan, scan after scan: [V]. Features are freed level by level. */
export async function predictVoxels(network: Network, plan: ScanPlan): Promise<Uint8Array> {
  const { logits } = encodeScans(network, plan, { training: false, levels: false });
  const classes = await classesOf(logits);
  logits.dispose();
  return classes;
}
