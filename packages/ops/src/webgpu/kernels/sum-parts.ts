import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NerfsegWebGpuBackend } from '../backend.js';
import { perItem, runItems } from '../program.js';

const program = perItem({
  name: 'sum of parts',
  reads: { partial: 'f32' },
  writes: { total: 'f32' },
  params: { size: 'u32', parts: 'u32' },
  code: `fn each(index: u32) {
  let first = (index / params.size) * params.parts * params.size + index % params.size;
  var sum = 0.0;
  for (var part = 0u; part < params.parts; part++) { sum += partial[first + part * params.size]; }
  total[index] = sum;
}`,
});

/** total [groups, size] = partial [groups, parts, size] summed over the parts, in their order. */
export const sumParts = (
  gpu: NerfsegWebGpuBackend,
  partial: TensorInfo,
  total: TensorInfo,
  { groups, parts, size }: { groups: number; parts: number; size: number },
): void =>
  runItems(gpu, program, groups * size, { reads: { partial }, writes: { total }, params: { size, parts } });
