import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { type Primitive, runPrimitive } from '../dispatch.js';
import { hostActivationBatchNorm, hostActivationBatchNormGrad } from '../host/activation-batch-norm.js';
import {
  ActivationBatchNorm,
  type ActivationBatchNormAttrs,
  ActivationBatchNormGrad,
  type ActivationBatchNormGradInputs,
  type ActivationBatchNormInputs,
} from '../kernels.js';
import {
  portableActivationBatchNorm,
  portableActivationBatchNormGrad,
} from '../portable/activation-batch-norm.js';
import { checkShape } from './check-shape.js';

const gradient: Primitive<ActivationBatchNormGradInputs, ActivationBatchNormAttrs> = {
  name: ActivationBatchNormGrad,
  portable: portableActivationBatchNormGrad,
  host: hostActivationBatchNormGrad,
};

const batchNorm: Primitive<ActivationBatchNormInputs, ActivationBatchNormAttrs> = {
  name: ActivationBatchNorm,
  portable: portableActivationBatchNorm,
  host: hostActivationBatchNorm,
  gradient: {
    saveInputs: ['x', 'gamma', 'beta'],
    saveOutputs: [false, true, true],
    rule: ([dy], [x, gamma, beta, mean, variance], attrs) => {
      const [dx, dGamma, dBeta] = runPrimitive(gradient, { x, gamma, beta, mean, variance, dy }, attrs);
      return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
    },
  },
};

/** How activation and batch norm are joined. */
export interface ActivationBatchNormOptions {
  /** Slope for negative input: 0.01 LeakyReLU, 0 ReLU, 1 none. Default 1. */
  readonly alpha?: number;
  /** Activation 'before' or 'after' the batch norm. Default 'before', as in Cylinder3D's U-Net. */
  readonly order?: 'before' | 'after';
  /** Default 1e-5. */
  readonly epsilon?: number;
}

export const activationBatchNormAttrs = (options: ActivationBatchNormOptions): ActivationBatchNormAttrs => ({
  alpha: options.alpha ?? 1,
  order: options.order ?? 'before',
  epsilon: options.epsilon ?? 1e-5,
});

/**
 * Activation and batch normalisation over rows in one op, with the batch's own statistics (training). Differentiable in
 * x, gamma and beta; mean and variance are for running averages and pass no gradient on.
 *
 * @param x [N, C]
 * @param parameters gamma [C], beta [C]
 * @returns y [N, C], mean [C], variance [C] (biased: divided by N; multiply by N / (N - 1) for PyTorch's running variance).
 *   Both are 0 for no rows.
 */
export const activationBatchNorm = (
  x: Tensor2D,
  parameters: { readonly gamma: Tensor; readonly beta: Tensor },
  options: ActivationBatchNormOptions = {},
): { y: Tensor2D; mean: Tensor1D; variance: Tensor1D } => {
  const { gamma, beta } = parameters;
  checkShape('activationBatchNorm', 'x', x, [null, null]);
  checkShape('activationBatchNorm', 'gamma', gamma, [x.shape[1]]);
  checkShape('activationBatchNorm', 'beta', beta, [x.shape[1]]);
  const outputs = runPrimitive(batchNorm, { x, gamma, beta }, activationBatchNormAttrs(options));
  return { y: outputs[0] as Tensor2D, mean: outputs[1] as Tensor1D, variance: outputs[2] as Tensor1D };
};
