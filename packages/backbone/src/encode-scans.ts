import { type Precision, sparseConv3d, withPrecision } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { asymmetricBlock } from './asymmetric-block.js';
import { contextModelling } from './context-modelling.js';
import { type BatchStatistics, block, convWeights, type ForwardPass, parameter } from './forward-pass.js';
import { downOf, mapOf } from './level-maps.js';
import type { Network } from './network.js';
import type { PlanLevel, ScanPlan } from './plan.js';
import { pointEncoder } from './point-encoder.js';
import { upBlock } from './up-block.js';

/** Features of one decoder level: a plan level and the tensor over its rows. */
export interface FeatureLevel
  extends Pick<PlanLevel, 'level' | 'stride' | 'shape' | 'coords' | 'scanOffsets'> {
  /** [rows, levelChannels[level]] */
  readonly features: tf.Tensor2D;
}

/** What the network says of the voxels. The caller disposes the tensors (`disposeFeatures`), or lets a tidy scope do it. */
export interface VoxelFeatures {
  /**
   * Finest first. Level 0: the 4C channels that the voxel head reads (context modelling and its input side by side); levels 1 to 3: the
   * outputs of the up blocks 2, 1, 0; level 4: the bottleneck. Empty where `levels: false` was asked for.
   */
  readonly levels: readonly FeatureLevel[];
  /** [V, numClasses] of level 0's voxels. */
  readonly logits: tf.Tensor2D;
}

export interface EncodeOptions {
  /** Batch norms use (true) the batch's statistics or (false) the running ones. */
  readonly training: boolean;
  /** In training: receives every batch norm's statistics; hand it to `updateStatistics` after the step. */
  readonly collect?: Map<string, BatchStatistics>;
  /** false frees each level's features as soon as the next one stands: all that segmentation needs. Default true. */
  readonly levels?: boolean;
  /** In inference on webgpu: what convolutions round their factors to (see ops' `withPrecision`). Default float32. */
  readonly precision?: Precision;
  /** Called with the time of each block, milliseconds (engines that compute at once; not WebGPU). */
  readonly profile?: (name: string, ms: number) => void;
}

/**
 * Runs Cylinder3D over planned scans: point encoder, U-Net, voxel head. Differentiable with respect to the network's trainable
 * variables: call it inside `tf.variableGrads` or `namedGradients`. Intermediate tensors are freed block by block.
 *
 * @throws where `precision` is float16 in training, or on an engine that has no float16
 */
export function encodeScans(network: Network, plan: ScanPlan, options: EncodeOptions): VoxelFeatures {
  const keepLevels = options.levels ?? true;
  const precision = options.precision ?? 'float32';
  if (options.training && precision !== 'float32')
    throw new Error(`encodeScans: precision ${precision} in training, expected float32`);
  // Only tensors leave the scope: its end would walk through every coordinate array too.
  const [logits, ...features] = withPrecision(precision, () =>
    tf.tidy(() => forward({ network, ...options }, plan, keepLevels)),
  );
  const levels = features.map((tensor, i): FeatureLevel => {
    const { level, stride, shape, coords, scanOffsets } = plan.levels[i];
    return { level, stride, shape, coords, scanOffsets, features: tensor };
  });
  return { levels, logits: logits! };
}

/** [logits, ...features of the levels, finest first (none where they are not kept)]. */
function forward(pass: ForwardPass, plan: ScanPlan, keepLevels: boolean): tf.Tensor2D[] {
  const { levels } = plan;
  const finest = levels[0];
  const bottleneck = levels.length - 1;
  const points = block(pass, 'point', () => pointEncoder(pass, plan));
  let x = block(pass, 'context', () => asymmetricBlock(pass, points, 'context', 'context', finest));
  points.dispose();

  const skips: tf.Tensor2D[] = [];
  for (let i = 0; i < bottleneck; i++) {
    const input = x;
    const name = `down${i + 2}`;
    const skip = block(pass, name, () => asymmetricBlock(pass, input, name, 'down', levels[i]));
    input.dispose();
    skips.push(skip);
    const map = downOf(levels[i]);
    x = block(pass, `${name}.pool`, () => sparseConv3d(skip, convWeights(pass, `${name}.pool`, map), map));
  }

  const kept = [x];
  for (let i = 0; i < bottleneck; i++) {
    const input = x;
    const level = bottleneck - 1 - i;
    const skip = skips[level];
    x = block(pass, `up${i}`, () => upBlock(pass, input, skip, `up${i}`, levels[level + 1], levels[level]));
    skip.dispose();
    if (!keepLevels) input.dispose();
    kept.unshift(x);
  }

  const decoded = x;
  const refined = block(pass, 'refine', () =>
    tf.concat2d([contextModelling(pass, decoded, finest), decoded], 1),
  );
  decoded.dispose();
  const logits = block(pass, 'logits', () => {
    const map = mapOf(finest, '3x3x3');
    const bias = parameter(pass, 'logits.bias') as tf.Tensor as tf.Tensor1D;
    return sparseConv3d(refined, convWeights(pass, 'logits', map), map, bias);
  });
  return keepLevels ? [logits, refined, ...kept.slice(1)] : [logits];
}

/** Frees what `encodeScans` returned. */
export function disposeFeatures(features: VoxelFeatures): void {
  for (const { features: tensor } of features.levels) tensor.dispose();
  features.logits.dispose();
}
