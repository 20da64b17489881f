import * as tf from '@tensorflow/tfjs-core';
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
  for (const [name, { mean, variance, rows }] of collected) {
    const unbiased = rows > 1 ? rows / (rows - 1) : 1;
    move(network.statistics[`${name}.mean`], mean, momentum, 1);
    move(network.statistics[`${name}.variance`], variance, momentum, unbiased);
  }
  discardStatistics(collected);
}

function move(running: tf.Variable | undefined, batch: tf.Tensor1D, momentum: number, factor: number): void {
  if (!running) throw new Error('updateStatistics: the statistics are of another network');
  tf.tidy(() => running.assign(tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum * factor))));
}

/** Frees collected statistics without using them (a step that was given up). */
export function discardStatistics(collected: Map<string, BatchStatistics>): void {
  for (const { mean, variance } of collected.values()) {
    mean.dispose();
    variance.dispose();
  }
  collected.clear();
}
