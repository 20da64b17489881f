import { sparseInverseConv3d } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { convActivationNorm, convWeights, type ForwardPass } from './forward-pass.js';
import type { KernelName } from './kernel-shapes.js';
import { mapName } from './layer-kernels.js';
import { downOf, mapOf } from './level-maps.js';
import type { PlanLevel } from './plan.js';

/**
 * An up block: 3x3x3 on the coarse level, inverse convolution onto the fine level's voxels, plus the skip, then 1x3x3, 3x1x3, 3x3x3.
 * x [coarse rows, in], skip [fine rows, out]; result [fine rows, out].
 */
export function upBlock(
  pass: ForwardPass,
  x: tf.Tensor2D,
  skip: tf.Tensor2D,
  prefix: string,
  coarse: PlanLevel,
  fine: PlanLevel,
): tf.Tensor2D {
  const { kernelMaps } = pass.network.config;
  const map = (own: KernelName) => mapOf(fine, mapName(kernelMaps, 'up', own));
  return tf.tidy(() => {
    const joined = tf.tidy(() => {
      const transformed = convActivationNorm(pass, x, prefix, 'Transform', mapOf(coarse, '3x3x3'));
      const down = downOf(fine);
      return tf.add<tf.Tensor2D>(
        sparseInverseConv3d(transformed, convWeights(pass, `${prefix}.inverse`, down), down),
        skip,
      );
    });
    const first = convActivationNorm(pass, joined, prefix, 0, map('1x3x3'));
    joined.dispose();
    const second = convActivationNorm(pass, first, prefix, 1, map('3x1x3'));
    first.dispose();
    return convActivationNorm(pass, second, prefix, 2, map('3x3x3'));
  });
}
