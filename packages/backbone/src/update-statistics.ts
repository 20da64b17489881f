import { weightedSums } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { assignAll } from './assign-all.js';
import type { BatchStatistics } from './forward-pass.js';
import type { Network } from './network.js';

/**
 * Moves the running statistics towards what a training pass collected, and frees that: running = (1 - momentum) * running +
 * momentum * batch, with the variance made unbiased (n / (n - 1)), as PyTorch does. Clears the map.
 */
export function updateStatistics(
  network: Network,
  collected: Map<string, BatchStatistics>,
  momentum = 0.1,
): void {
  const running: tf.Variable[] = [];
  const batch: tf.Tensor1D[] = [];
  const weight: number[] = [];
  for (const [name, { mean, variance, rows }] of collected) {
    const unbiased = rows > 1 ? rows / (rows - 1) : 1;
    running.push(statistic(network, `${name}.mean`), statistic(network, `${name}.variance`));
    batch.push(mean, variance);
    weight.push(momentum, momentum * unbiased);
  }
  tf.tidy(() =>
    assignAll(running, weightedSums({ tensors: running, weight: 1 - momentum }, { tensors: batch, weight })),
  );
  discardStatistics(collected);
}

function statistic({ statistics }: Network, name: string): tf.Variable {
  const found = statistics[name];
  if (!found) throw new Error('updateStatistics: the statistics are of another network');
  return found;
}

/** Frees collected statistics without using them (a step that was given up). */
export function discardStatistics(collected: Map<string, BatchStatistics>): void {
  for (const { mean, variance } of collected.values()) {
    mean.dispose();
    variance.dispose();
  }
  collected.clear();
}
