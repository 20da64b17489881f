import * as tf from '@tensorflow/tfjs-core';
import { convActivationNorm, type ForwardPass } from './forward-pass.js';
import { mapName } from './layer-kernels.js';
import { mapOf } from './level-maps.js';
import type { PlanLevel } from './plan.js';

/**
 * The asymmetrical residual block: two branches of two submanifold convolutions each, 1x3x3 and 3x1x3 in opposite orders, summed.
 * The context block begins branch a with 1x3x3, a down block with 3x1x3.
 */
export function asymmetricBlock(
  pass: ForwardPass,
  x: tf.Tensor2D,
  prefix: string,
  kind: 'context' | 'down',
  level: PlanLevel,
): tf.Tensor2D {
  const { kernelMaps } = pass.network.config;
  const along = mapOf(level, mapName(kernelMaps, kind, kind === 'context' ? '1x3x3' : '3x1x3'));
  const across = mapOf(level, mapName(kernelMaps, kind, kind === 'context' ? '3x1x3' : '1x3x3'));
  return tf.tidy(() => {
    const branch = (name: string, first: typeof along, second: typeof along): tf.Tensor2D =>
      tf.tidy(() =>
        convActivationNorm(
          pass,
          convActivationNorm(pass, x, `${prefix}.${name}`, 0, first),
          `${prefix}.${name}`,
          1,
          second,
        ),
      );
    return tf.add<tf.Tensor2D>(branch('branchA', along, across), branch('branchB', across, along));
  });
}
