import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NerfsegWebGpuBackend } from '../backend.js';
import { perItem, runItems } from '../program.js';
import { sizeOf } from './support.js';

const program = perItem({
  name: 'zeros',
  reads: {},
  writes: { values: 'f32' },
  params: {},
  code: 'fn each(index: u32) { values[index] = 0.0; }',
});

/** A tensor of zeros. */
export const zeros = (gpu: NerfsegWebGpuBackend, shape: number[]): TensorInfo => {
  const values = gpu.allocate(shape);
  runItems(gpu, program, sizeOf(shape), { reads: {}, writes: { values } });
  return values;
};
