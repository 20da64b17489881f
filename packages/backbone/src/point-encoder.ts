import { encodePoints, linear, type PointLayer, type PointStatistics } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import {
  collectStatistics,
  type ForwardPass,
  normEpsilon,
  parameter,
  runningStatistics,
} from './forward-pass.js';
import type { ScanPlan } from './plan.js';

/**
 * The point encoder: batch norm of the nine input values; linear, batch norm, ReLU for every hidden width; one more linear layer;
 * the maximum over each voxel's points; a linear layer with ReLU down to the U-Net's input. Result [V, voxelInputChannels].
 */
export function pointEncoder(pass: ForwardPass, plan: ScanPlan): tf.Tensor2D {
  const { pointChannels, pointWidths } = pass.network.config;
  const norms = ['point.norm', ...pointWidths.map((_, i) => `point.norm${i}`)];
  const layers = norms.map(
    (norm, i): PointLayer => ({
      gamma: parameter(pass, `${norm}.weight`),
      beta: parameter(pass, `${norm}.bias`),
      weight: parameter(pass, `point.linear${i}.weight`),
      bias: parameter(pass, `point.linear${i}.bias`),
    }),
  );
  return tf.tidy(() => {
    // Joined here, not on the host: there a batch's points are no second array of several megabytes.
    const scans = plan.pointFeatures.map((values) =>
      tf.tensor2d(values, [values.length / pointChannels, pointChannels]),
    );
    const points = tf.concat(scans);
    const given = pass.training
      ? {}
      : { statistics: norms.map((norm) => runningStatistics(pass, norm) as PointStatistics) };
    const { y, statistics } = encodePoints(points, layers, plan.segments, { ...given, epsilon: normEpsilon });
    if (pass.training)
      for (const [i, norm] of norms.entries()) collectStatistics(pass, norm, statistics[i], plan.points);
    const weight = parameter(pass, 'point.compress.weight') as tf.Tensor as tf.Tensor2D;
    const bias = parameter(pass, 'point.compress.bias') as tf.Tensor as tf.Tensor1D;
    return linear(y, weight, bias, 'relu');
  });
}
