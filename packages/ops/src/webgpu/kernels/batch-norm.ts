import type { TensorInfo } from '@tensorflow/tfjs-core';
import {
  ActivationAffine,
  ActivationBatchNorm,
  type ActivationBatchNormAttrs,
  ActivationBatchNormGrad,
} from '../../kernels.js';
import type { NerfsegWebGpuBackend } from '../backend.js';
import { perItem, runItems } from '../program.js';
import { columnSums, runColumnSums } from './column-sums.js';
import { zeros } from './fill.js';
import { attributes, type GpuKernel, sizeOf } from './support.js';

/** Slopes for negative input before and after the normalisation; at most one is not 1. */
const slopes = ({ alpha, order }: ActivationBatchNormAttrs): { before: number; after: number } =>
  order === 'before' ? { before: alpha, after: 1 } : { before: 1, after: alpha };

const rectify =
  'fn rectify(value: f32, slope: f32) -> f32 { return select(value * slope, value, value > 0.0); }';

// Sums of differences from the first row: the difference of the mean square and the squared mean would lose digits.
const moments = columnSums(
  {
    name: 'batch norm, moments',
    reads: { x: 'f32' },
    params: { before: 'f32' },
    value: `${rectify}
fn value(row: u32, column: u32) -> vec2f {
  let difference = rectify(x[row * params.columns + column], params.before) - rectify(x[column], params.before);
  return vec2f(difference, difference * difference);
}`,
  },
  {
    reads: { x: 'f32' },
    outputs: { mean: 'f32', variance: 'f32' },
    params: { before: 'f32' },
    code: `${rectify}
fn finish(column: u32, sums: vec2f) {
  let average = sums / f32(params.rows);
  mean[column] = rectify(x[column], params.before) + average.x;
  variance[column] = max(0.0, average.y - average.x * average.x);
}`,
  },
);

const affine = perItem({
  name: 'activation and affine',
  reads: { x: 'f32', gamma: 'f32', beta: 'f32', mean: 'f32', variance: 'f32' },
  writes: { y: 'f32' },
  params: { columns: 'u32', epsilon: 'f32', before: 'f32', after: 'f32' },
  code: `${rectify}
fn each(index: u32) {
  let c = index % params.columns;
  let scale = gamma[c] / sqrt(variance[c] + params.epsilon);
  y[index] = rectify((rectify(x[index], params.before) - mean[c]) * scale + beta[c], params.after);
}`,
});

const applyAffine = (
  gpu: NerfsegWebGpuBackend,
  reads: Readonly<Record<'x' | 'gamma' | 'beta' | 'mean' | 'variance', TensorInfo>>,
  attrs: ActivationBatchNormAttrs,
): TensorInfo => {
  const { shape } = reads.x;
  const y = gpu.allocate(shape);
  const params = { columns: shape[1], epsilon: attrs.epsilon, ...slopes(attrs) };
  runItems(gpu, affine, sizeOf(shape), { reads, writes: { y }, params });
  return y;
};

/** Of one value: the gradient before the outer activation, and the normalised value. */
const backwards = `${rectify}
fn normalisedOf(value: f32, c: u32) -> f32 {
  return (rectify(value, params.before) - mean[c]) / sqrt(variance[c] + params.epsilon);
}
fn through(d: f32, normalised: f32, c: u32) -> f32 {
  return select(d * params.after, d, normalised * gamma[c] + beta[c] > 0.0);
}`;

const gradientSums = columnSums(
  {
    name: 'batch norm, gradient sums',
    reads: { x: 'f32', dy: 'f32', gamma: 'f32', beta: 'f32', mean: 'f32', variance: 'f32' },
    params: { before: 'f32', after: 'f32', epsilon: 'f32' },
    value: `${backwards}
fn value(row: u32, column: u32) -> vec2f {
  let at = row * params.columns + column;
  let normalised = normalisedOf(x[at], column);
  let d = through(dy[at], normalised, column);
  return vec2f(d * normalised, d);
}`,
  },
  {
    outputs: { dGamma: 'f32', dBeta: 'f32' },
    params: { before: 'f32', after: 'f32', epsilon: 'f32' },
    code: `fn finish(column: u32, sums: vec2f) {
  dGamma[column] = sums.x;
  dBeta[column] = sums.y;
}`,
  },
);

/** Ten values per column would be as many buffers: gamma, beta, mean, variance and the two sums wait side by side. */
const pack = perItem({
  name: 'batch norm, columns',
  reads: { gamma: 'f32', beta: 'f32', mean: 'f32', variance: 'f32', dGamma: 'f32', dBeta: 'f32' },
  writes: { columns: 'f32' },
  params: { width: 'u32' },
  code: `fn each(index: u32) {
  columns[index] = gamma[index];
  columns[params.width + index] = beta[index];
  columns[2u * params.width + index] = mean[index];
  columns[3u * params.width + index] = variance[index];
  columns[4u * params.width + index] = dGamma[index];
  columns[5u * params.width + index] = dBeta[index];
}`,
});

const inputGradient = perItem({
  name: 'batch norm, input gradient',
  reads: { x: 'f32', dy: 'f32', columns: 'f32' },
  writes: { dx: 'f32' },
  params: { width: 'u32', share: 'f32', before: 'f32', after: 'f32', epsilon: 'f32' },
  code: `${rectify}
fn each(index: u32) {
  let c = index % params.width;
  let gamma = columns[c];
  let inverse = inverseSqrt(columns[3u * params.width + c] + params.epsilon);
  let value = x[index];
  let normalised = (rectify(value, params.before) - columns[2u * params.width + c]) * inverse;
  let isActive = normalised * gamma + columns[params.width + c] > 0.0;
  let d = select(dy[index] * params.after, dy[index], isActive);
  let dGamma = columns[4u * params.width + c];
  let dBeta = columns[5u * params.width + c];
  let dz = gamma * inverse * (d - params.share * (dBeta + normalised * dGamma));
  dx[index] = select(dz * params.before, dz, value > 0.0);
}`,
});

/** Activation fused with batch normalisation. */
export const batchNormKernels: Readonly<Record<string, GpuKernel>> = {
  [ActivationAffine]: (call) => {
    const { x, gamma, beta, mean, variance } = call.inputs;
    return applyAffine(call.gpu, { x, gamma, beta, mean, variance }, attributes(call));
  },

  [ActivationBatchNorm]: (call) => {
    const { gpu } = call;
    const { x, gamma, beta } = call.inputs;
    const [rows, width] = x.shape;
    if (rows === 0) return [gpu.allocate([0, width]), zeros(gpu, [width]), zeros(gpu, [width])];
    const attrs = attributes<ActivationBatchNormAttrs>(call);
    const [mean, variance] = [gpu.allocate([width]), gpu.allocate([width])];
    const { before } = slopes(attrs);
    runColumnSums(gpu, moments, rows, width, {
      reads: { x },
      finishReads: { x },
      outputs: { mean, variance },
      params: { before },
    });
    return [applyAffine(gpu, { x, gamma, beta, mean, variance }, attrs), mean, variance];
  },

  [ActivationBatchNormGrad]: (call) => {
    const { gpu } = call;
    const { x, gamma, beta, mean, variance, dy } = call.inputs;
    const [rows, width] = x.shape;
    if (rows === 0) return [gpu.allocate([0, width]), zeros(gpu, [width]), zeros(gpu, [width])];
    const attrs = attributes<ActivationBatchNormAttrs>(call);
    const params = { ...slopes(attrs), epsilon: attrs.epsilon };
    const [dx, dGamma, dBeta] = [gpu.allocate([rows, width]), gpu.allocate([width]), gpu.allocate([width])];
    runColumnSums(gpu, gradientSums, rows, width, {
      reads: { x, dy, gamma, beta, mean, variance },
      outputs: { dGamma, dBeta },
      params,
    });
    const columns = gpu.allocate([6, width]);
    const packed = { gamma, beta, mean, variance, dGamma, dBeta };
    runItems(gpu, pack, width, { reads: packed, writes: { columns }, params: { width } });
    runItems(gpu, inputGradient, rows * width, {
      reads: { x, dy, columns },
      writes: { dx },
      params: { ...params, width, share: 1 / rows },
    });
    gpu.disposeData(columns.dataId);
    return [dx, dGamma, dBeta];
  },
};
