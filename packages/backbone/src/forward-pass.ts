import { activationAffine, activationBatchNorm, type KernelMap, sparseConv3d } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Network } from './network.js';

/** Mean and biased variance that one batch norm saw, and over how many rows. */
export interface BatchStatistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
  readonly rows: number;
}

/** What the layers of one forward pass share. */
export interface ForwardPass {
  readonly network: Network;
  readonly training: boolean;
  /** Where batch norms leave their statistics in training (tensors kept; `updateStatistics` frees them); another pass's take the place of those before. */
  readonly collect?: Map<string, BatchStatistics>;
  readonly profile?: (name: string, ms: number) => void;
}

/** PyTorch's default; the released code keeps it. */
export const normEpsilon = 1e-5;

/** A trainable variable by name; a missing one is a programmer's mistake. */
export function parameter(pass: ForwardPass, name: string): tf.Variable {
  const variable = pass.network.trainable[name];
  if (!variable) throw new Error(`the network has no parameter '${name}'`);
  return variable;
}

/** The running statistics of a batch norm: what inference normalises by. */
export function runningStatistics(
  pass: ForwardPass,
  name: string,
): { readonly mean: tf.Tensor; readonly variance: tf.Tensor } {
  const { statistics } = pass.network;
  return { mean: statistics[`${name}.mean`], variance: statistics[`${name}.variance`] };
}

/** Leaves a batch norm's own statistics in `collect`, where the pass has one. */
export function collectStatistics(
  pass: ForwardPass,
  name: string,
  { mean, variance }: Pick<BatchStatistics, 'mean' | 'variance'>,
  rows: number,
): void {
  const { collect } = pass;
  if (!collect) return;
  const before = collect.get(name);
  before?.mean.dispose();
  before?.variance.dispose();
  collect.set(name, { mean: tf.keep(mean), variance: tf.keep(variance), rows });
}

/**
 * Activation and batch norm in one: leakyRelu with slope `alpha` (0 ReLU, 1 none) before or after the norm. Training normalises
 * by the batch (and leaves its statistics in `collect`), inference by the running statistics.
 */
export function activationNorm(
  pass: ForwardPass,
  x: tf.Tensor2D,
  name: string,
  alpha: number,
  order: 'before' | 'after',
): tf.Tensor2D {
  const gamma = parameter(pass, `${name}.weight`);
  const beta = parameter(pass, `${name}.bias`);
  const attributes = { alpha, order, epsilon: normEpsilon };
  if (pass.training) {
    const { y, ...statistics } = activationBatchNorm(x, { gamma, beta }, attributes);
    collectStatistics(pass, name, statistics, x.shape[0]);
    return y;
  }
  return activationAffine(x, { gamma, beta, ...runningStatistics(pass, name) }, attributes);
}

/** The weights [taps, input, output] that a map reads: the first of them where the map has fewer taps (see `kernelMaps`). */
export function convWeights(pass: ForwardPass, name: string, map: KernelMap): tf.Tensor3D {
  const weights = parameter(pass, `${name}.weight`) as tf.Tensor as tf.Tensor3D;
  // spconv 1.x walks the rulebook's taps i = 0, 1, ... and multiplies by filters.view(-1, in, out)[i], so a 3x3x3 filter
  // on a 1x3x3 rulebook lends its first nine taps (the plane of the lower rho), tap 4 being the centre.
  return weights.shape[0] === map.taps
    ? weights
    : tf.slice(weights, [0, 0, 0], [map.taps, weights.shape[1], weights.shape[2]]);
}

/** Submanifold convolution, LeakyReLU(0.01), batch norm: the U-Net's unit. */
export function convActivationNorm(
  pass: ForwardPass,
  x: tf.Tensor2D,
  prefix: string,
  index: number | string,
  map: KernelMap,
): tf.Tensor2D {
  return tf.tidy(() =>
    activationNorm(
      pass,
      sparseConv3d(x, convWeights(pass, `${prefix}.conv${index}`, map), map),
      `${prefix}.norm${index}`,
      0.01,
      'before',
    ),
  );
}

/** Runs a block in a tidy scope of its own and reports its time to `profile`. */
export function block<T extends tf.TensorContainer>(pass: ForwardPass, name: string, run: () => T): T {
  if (!pass.profile) return tf.tidy(name, run);
  const start = performance.now();
  const result = tf.tidy(name, run);
  pass.profile(name, performance.now() - start);
  return result;
}
