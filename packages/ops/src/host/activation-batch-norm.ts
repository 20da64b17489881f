import type { TensorInfo } from '@tensorflow/tfjs-core';
import type {
  ActivationAffineInputs,
  ActivationBatchNormAttrs,
  ActivationBatchNormGradInputs,
  ActivationBatchNormInputs,
} from '../kernels.js';
import { type HostMemory, viewsOf } from './memory.js';

// Random signs defeat branch prediction: without branches these loops run five times faster. A leaky rectifier is
// (1 + alpha) / 2 v + (1 - alpha) / 2 |v|, exactly so for float32 in float64; its slope alpha + (1 - alpha) [v > 0].

/** Slopes of the activation before and after the normalisation, for negative input; at most one is not 1. */
const slopes = ({ alpha, order }: ActivationBatchNormAttrs): [number, number] =>
  order === 'before' ? [alpha, 1] : [1, alpha];

/** y = activated(scale * activated(x) + shift), per column. */
const affineInto = (
  y: Float32Array,
  x: Float32Array,
  scale: Float64Array,
  shift: Float64Array,
  attrs: ActivationBatchNormAttrs,
): void => {
  const [before, after] = slopes(attrs);
  const [linearBefore, absoluteBefore] = [(1 + before) / 2, (1 - before) / 2];
  const [linearAfter, absoluteAfter] = [(1 + after) / 2, (1 - after) / 2];
  const width = scale.length;
  for (let at = 0; at < x.length; at += width) {
    for (let c = 0; c < width; c++) {
      const v = x[at + c];
      const normalised = (linearBefore * v + absoluteBefore * Math.abs(v)) * scale[c] + shift[c];
      y[at + c] = linearAfter * normalised + absoluteAfter * Math.abs(normalised);
    }
  }
};

export const hostActivationAffine = (
  memory: HostMemory,
  { x, gamma, beta, mean, variance }: ActivationAffineInputs,
  attrs: ActivationBatchNormAttrs,
): TensorInfo => {
  const y = memory.make(x.shape);
  const [target, source, g, b, m, v] = viewsOf(memory, [y, x, gamma, beta, mean, variance]);
  const scale = Float64Array.from(g, (value, c) => value / Math.sqrt(v[c] + attrs.epsilon));
  const shift = Float64Array.from(b, (value, c) => value - m[c] * scale[c]);
  affineInto(target, source, scale, shift, attrs);
  return y;
};

export const hostActivationBatchNorm = (
  memory: HostMemory,
  { x, gamma, beta }: ActivationBatchNormInputs,
  attrs: ActivationBatchNormAttrs,
): TensorInfo[] => {
  const [rows, width] = x.shape;
  const outputs = [memory.make(x.shape), memory.make([width]), memory.make([width])];
  const [y, mean, variance, source, g, b] = viewsOf(memory, [...outputs, x, gamma, beta]);
  const [before] = slopes(attrs);
  const [linear, absolute] = [(1 + before) / 2, (1 - before) / 2];
  const share = 1 / Math.max(1, rows);
  const center = new Float64Array(width);
  const spread = new Float64Array(width);
  for (let at = 0; at < source.length; at += width) {
    for (let c = 0; c < width; c++) {
      const v = source[at + c];
      center[c] += linear * v + absolute * Math.abs(v);
    }
  }
  for (let c = 0; c < width; c++) center[c] *= share;
  // A second pass: the difference of the mean square and the squared mean would lose digits.
  for (let at = 0; at < source.length; at += width) {
    for (let c = 0; c < width; c++) {
      const v = source[at + c];
      const difference = linear * v + absolute * Math.abs(v) - center[c];
      spread[c] += difference * difference;
    }
  }
  for (let c = 0; c < width; c++) spread[c] *= share;
  mean.set(center);
  variance.set(spread);
  const scale = Float64Array.from(g, (value, c) => value / Math.sqrt(spread[c] + attrs.epsilon));
  const shift = Float64Array.from(b, (value, c) => value - center[c] * scale[c]);
  affineInto(y, source, scale, shift, attrs);
  return outputs;
};

export const hostActivationBatchNormGrad = (
  memory: HostMemory,
  { x, gamma, beta, mean, variance, dy }: ActivationBatchNormGradInputs,
  attrs: ActivationBatchNormAttrs,
): TensorInfo[] => {
  const [rows, width] = x.shape;
  const outputs = [memory.make(x.shape), memory.make([width]), memory.make([width])];
  const [dx, dGamma, dBeta, source, g, b, m, v, gradient] = viewsOf(memory, [
    ...outputs,
    x,
    gamma,
    beta,
    mean,
    variance,
    dy,
  ]);
  const [before, after] = slopes(attrs);
  const [linear, absolute] = [(1 + before) / 2, (1 - before) / 2];
  const inverse = Float64Array.from(v, (value) => 1 / Math.sqrt(value + attrs.epsilon));
  const sumOfGradient = new Float64Array(width);
  const sumOfProduct = new Float64Array(width);
  for (let at = 0; at < source.length; at += width) {
    for (let c = 0; c < width; c++) {
      const value = source[at + c];
      const normalised = (linear * value + absolute * Math.abs(value) - m[c]) * inverse[c];
      const d = gradient[at + c] * (after + (1 - after) * Number(normalised * g[c] + b[c] > 0));
      sumOfGradient[c] += d;
      sumOfProduct[c] += d * normalised;
    }
  }
  dGamma.set(sumOfProduct);
  dBeta.set(sumOfGradient);
  const share = 1 / Math.max(1, rows);
  for (let at = 0; at < source.length; at += width) {
    for (let c = 0; c < width; c++) {
      const value = source[at + c];
      const normalised = (linear * value + absolute * Math.abs(value) - m[c]) * inverse[c];
      const d = gradient[at + c] * (after + (1 - after) * Number(normalised * g[c] + b[c] > 0));
      const dz = g[c] * inverse[c] * (d - share * (sumOfGradient[c] + normalised * sumOfProduct[c]));
      dx[at + c] = dz * (before + (1 - before) * Number(value > 0));
    }
  }
  return outputs;
};
