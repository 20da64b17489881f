import { linear, segmentMax } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { activationNorm, type ForwardPass, parameter } from './forward-pass.js';
import type { ScanPlan } from './plan.js';

/**
 * The point encoder: batch norm of the nine input values; linear, batch norm, ReLU for every hidden width; one more linear layer;
 * the maximum over each voxel's points; a linear layer with ReLU down to the U-Net's input. Result [V, voxelInputChannels].
 */
export function pointEncoder(pass: ForwardPass, plan: ScanPlan): tf.Tensor2D {
  const { pointChannels, pointWidths } = pass.network.config;
  const dense = (x: tf.Tensor2D, name: string, activation: 'none' | 'relu'): tf.Tensor2D =>
    linear(
      x,
      parameter(pass, `${name}.weight`) as tf.Tensor as tf.Tensor2D,
      parameter(pass, `${name}.bias`) as tf.Tensor as tf.Tensor1D,
      activation,
    );
  return tf.tidy(() => {
    let x = activationNorm(
      pass,
      tf.tensor2d(plan.pointFeatures, [plan.points, pointChannels]),
      'point.norm',
      1,
      'after',
    );
    for (let i = 0; i < pointWidths.length; i++) {
      const input = x;
      // The widest tensors of the whole pass: each goes as soon as the next one stands.
      x = tf.tidy(() =>
        activationNorm(pass, dense(input, `point.linear${i}`, 'none'), `point.norm${i}`, 0, 'after'),
      );
      input.dispose();
    }
    const pooled = segmentMax(dense(x, `point.linear${pointWidths.length}`, 'none'), plan.segments);
    return dense(pooled, 'point.compress', 'relu');
  });
}
