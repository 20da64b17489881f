import type { ActivationBatchNormAttrs } from '../../kernels.js';
import { ActivationAffine, ActivationBatchNorm, ActivationBatchNormGrad } from '../../kernels.js';
import type { BatchNormArguments } from '../addon.js';
import { attributes, floats, type KernelCall, matrix, type NativeKernels, output } from './support.js';

const settings = (call: KernelCall): BatchNormArguments => {
  const { alpha, order, epsilon } = attributes<ActivationBatchNormAttrs>(call);
  return [...matrix(call.inputs.x), alpha, order === 'after' ? 1 : 0, epsilon];
};

/** Activation and batch normalisation in either order, with statistics of the batch or given ones. */
export const batchNormKernels: NativeKernels = {
  [ActivationBatchNorm]: (call) => {
    const { x, gamma, beta } = call.inputs;
    const y = output(call, x.shape);
    const mean = output(call, [x.shape[1]]);
    const variance = output(call, [x.shape[1]]);
    call.addon.batchNorm(
      ...settings(call),
      floats(call, x),
      floats(call, gamma),
      floats(call, beta),
      mean.values,
      variance.values,
      y.values,
      1,
    );
    return [y.info, mean.info, variance.info];
  },

  [ActivationAffine]: (call) => {
    const { x, gamma, beta, mean, variance } = call.inputs;
    const y = output(call, x.shape);
    call.addon.batchNorm(
      ...settings(call),
      floats(call, x),
      floats(call, gamma),
      floats(call, beta),
      floats(call, mean),
      floats(call, variance),
      y.values,
      0,
    );
    return y.info;
  },

  [ActivationBatchNormGrad]: (call) => {
    const { x, gamma, beta, mean, variance, dy } = call.inputs;
    const dx = output(call, x.shape);
    const dgamma = output(call, [x.shape[1]]);
    const dbeta = output(call, [x.shape[1]]);
    call.addon.batchNormGradient(
      ...settings(call),
      floats(call, x),
      floats(call, gamma),
      floats(call, beta),
      floats(call, mean),
      floats(call, variance),
      floats(call, dy),
      dx.values,
      dgamma.values,
      dbeta.values,
    );
    return [dx.info, dgamma.info, dbeta.info];
  },
};
