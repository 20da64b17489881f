import {
  add,
  leakyRelu,
  mul,
  rsqrt,
  scalar,
  sub,
  type Tensor,
  type Tensor2D,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { type Primitive, runPrimitive } from '../dispatch.js';
import { sumToShape } from '../gradients/sum-to-shape.js';
import { hostActivationAffine } from '../host/activation-batch-norm.js';
import { ActivationAffine, type ActivationAffineInputs, type ActivationBatchNormAttrs } from '../kernels.js';
import { activationSlope, portableActivationAffine } from '../portable/activation-batch-norm.js';
import { type ActivationBatchNormOptions, activationBatchNormAttrs } from './activation-batch-norm.js';
import { checkShape } from './check-shape.js';

const affine: Primitive<ActivationAffineInputs, ActivationBatchNormAttrs> = {
  name: ActivationAffine,
  portable: portableActivationAffine,
  host: hostActivationAffine,
  gradient: {
    saveInputs: ['x', 'gamma', 'beta', 'mean', 'variance'],
    // Rarely asked for (fine-tuning with frozen statistics), so composed of tfjs ops and without a kernel of its own.
    rule: ([dy], [x, gamma, beta, mean, variance], { alpha, order, epsilon }) => {
      const inverse = rsqrt(add(variance, scalar(epsilon)));
      const normalised = mul(sub(order === 'before' ? leakyRelu(x, alpha) : x, mean), inverse);
      const d = order === 'after' ? mul(dy, activationSlope(add(mul(normalised, gamma), beta), alpha)) : dy;
      return {
        x: () => {
          const dz = mul(d, mul(gamma, inverse));
          return order === 'before' ? mul(dz, activationSlope(x, alpha)) : dz;
        },
        gamma: () => sumToShape(mul(d, normalised), gamma.shape),
        beta: () => sumToShape(d, beta.shape),
        mean: () => zerosLike(mean),
        variance: () => zerosLike(variance),
      };
    },
  },
};

/**
 * Activation and batch normalisation with given statistics (inference). Differentiable in x, gamma and beta; the statistics
 * are constants.
 *
 * @param x [N, C]
 * @param parameters gamma, beta, mean, variance: [C] each
 * @returns [N, C]
 */
export const activationAffine = (
  x: Tensor2D,
  parameters: {
    readonly gamma: Tensor;
    readonly beta: Tensor;
    readonly mean: Tensor;
    readonly variance: Tensor;
  },
  options: ActivationBatchNormOptions = {},
): Tensor2D => {
  const { gamma, beta, mean, variance } = parameters;
  checkShape('activationAffine', 'x', x, [null, null]);
  for (const [name, tensor] of Object.entries({ gamma, beta, mean, variance })) {
    checkShape('activationAffine', name, tensor, [x.shape[1]]);
  }
  const inputs = { x, gamma, beta, mean, variance };
  return runPrimitive(affine, inputs, activationBatchNormAttrs(options))[0] as Tensor2D;
};
