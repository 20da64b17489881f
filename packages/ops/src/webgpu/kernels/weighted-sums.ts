import type { TensorInfo } from '@tensorflow/tfjs-core';
import { WeightedSums, type WeightedSumsAttrs } from '../../kernels.js';
import { perItem, runItems } from '../program.js';
import { attributes, type GpuKernel, sizeOf } from './support.js';

const sum = perItem({
  name: 'weighted sum',
  reads: { first: 'f32', second: 'f32' },
  writes: { result: 'f32' },
  params: { firstWeight: 'f32', secondWeight: 'f32' },
  code: `fn each(index: u32) {
  result[index] = params.firstWeight * first[index] + params.secondWeight * second[index];
}`,
});

const scaled = perItem({
  name: 'scaled values',
  reads: { values: 'f32' },
  writes: { result: 'f32' },
  params: { weight: 'f32' },
  code: `fn each(index: u32) {
  result[index] = params.weight * values[index];
}`,
});

/** A program for each tensor, in place of three of tfjs's: a network has hundreds of small ones, and each start costs. */
const weightedSums: GpuKernel = (call) => {
  const { gpu } = call;
  const tensors = Object.values(call.inputs);
  const { weights } = attributes<WeightedSumsAttrs>(call);
  const [firstWeights, secondWeights] = weights;
  return firstWeights.map((weight, k): TensorInfo => {
    const first = tensors[k];
    const result = gpu.allocate(first.shape);
    const writes = { result };
    if (secondWeights)
      runItems(gpu, sum, sizeOf(first.shape), {
        reads: { first, second: tensors[firstWeights.length + k] },
        writes,
        params: { firstWeight: weight, secondWeight: secondWeights[k] },
      });
    else runItems(gpu, scaled, sizeOf(first.shape), { reads: { values: first }, writes, params: { weight } });
    return result;
  });
};

export const weightedSumKernels: Readonly<Record<string, GpuKernel>> = { [WeightedSums]: weightedSums };
