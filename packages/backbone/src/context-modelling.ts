import { sparseConv3d } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { activationNorm, convWeights, type ForwardPass } from './forward-pass.js';
import type { KernelName } from './kernel-shapes.js';
import { mapName } from './layer-kernels.js';
import { mapOf } from './level-maps.js';
import type { PlanLevel } from './plan.js';

const kernels: readonly KernelName[] = ['3x1x1', '1x3x1', '1x1x3'];

/**
 * Dimension-decomposition based context modelling: three rank-one convolutions, each conv, batch norm, sigmoid; their sum gates the
 * input. Zhu et al. 2021, section 3.4. Result [V, 2C].
 */
export function contextModelling(pass: ForwardPass, x: tf.Tensor2D, level: PlanLevel): tf.Tensor2D {
  const { kernelMaps } = pass.network.config;
  return tf.tidy(() => {
    const gates = kernels.map((own, i) =>
      tf.tidy(() => {
        const map = mapOf(level, mapName(kernelMaps, 'refine', own));
        const y = sparseConv3d(x, convWeights(pass, `refine.conv${i}`, map), map);
        return tf.sigmoid(activationNorm(pass, y, `refine.norm${i}`, 1, 'after'));
      }),
    );
    return tf.mul<tf.Tensor2D>(tf.addN(gates), x);
  });
}
