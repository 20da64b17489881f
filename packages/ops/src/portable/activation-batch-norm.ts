import {
  add,
  greater,
  leakyRelu,
  mean,
  mul,
  onesLike,
  rsqrt,
  scalar,
  square,
  sub,
  sum,
  type Tensor,
  where,
  zeros,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { TensorsOf } from '../dispatch.js';
import type {
  ActivationAffineInputs,
  ActivationBatchNormAttrs,
  ActivationBatchNormGradInputs,
  ActivationBatchNormInputs,
} from '../kernels.js';

const activate = (x: Tensor, alpha: number): Tensor => (alpha === 1 ? x : leakyRelu(x, alpha));

/** The activation's derivative. */
export const activationSlope = (x: Tensor, alpha: number): Tensor =>
  where(greater(x, scalar(0)), onesLike(x), mul(onesLike(x), scalar(alpha)));

export const portableActivationAffine = (
  { x, gamma, beta, mean: center, variance }: TensorsOf<ActivationAffineInputs>,
  { alpha, order, epsilon }: ActivationBatchNormAttrs,
): Tensor => {
  const scale = mul(gamma, rsqrt(add(variance, scalar(epsilon))));
  const normalised = add(mul(sub(order === 'before' ? activate(x, alpha) : x, center), scale), beta);
  return order === 'after' ? activate(normalised, alpha) : normalised;
};

export const portableActivationBatchNorm = (
  { x, gamma, beta }: TensorsOf<ActivationBatchNormInputs>,
  attrs: ActivationBatchNormAttrs,
): Tensor[] => {
  if (x.shape[0] === 0) return [zerosLike(x), zeros(gamma.shape), zeros(gamma.shape)];
  const z = attrs.order === 'before' ? activate(x, attrs.alpha) : x;
  const center = mean(z, 0);
  const variance = mean(square(sub(z, center)), 0);
  return [portableActivationAffine({ x, gamma, beta, mean: center, variance }, attrs), center, variance];
};

export const portableActivationBatchNormGrad = (
  { x, gamma, beta, mean: center, variance, dy }: TensorsOf<ActivationBatchNormGradInputs>,
  { alpha, order, epsilon }: ActivationBatchNormAttrs,
): Tensor[] => {
  const rows = x.shape[0] ?? 0;
  if (rows === 0) return [zerosLike(x), zeros(gamma.shape), zeros(gamma.shape)];
  const inverse = rsqrt(add(variance, scalar(epsilon)));
  const normalised = mul(sub(order === 'before' ? activate(x, alpha) : x, center), inverse);
  const d = order === 'after' ? mul(dy, activationSlope(add(mul(normalised, gamma), beta), alpha)) : dy;
  const dGamma = sum(mul(d, normalised), 0);
  const dBeta = sum(d, 0);
  const share = scalar(1 / rows);
  const centred = sub(d, mul(share, add(dBeta, mul(normalised, dGamma))));
  const dz = mul(mul(gamma, inverse), centred);
  return [order === 'before' ? mul(dz, activationSlope(x, alpha)) : dz, dGamma, dBeta];
};
