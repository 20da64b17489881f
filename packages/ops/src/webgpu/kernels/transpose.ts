import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NerfsegWebGpuBackend } from '../backend.js';
import { perItem, runItems } from '../program.js';
import { sizeOf } from './support.js';

const program = perItem({
  name: 'transpose',
  reads: { x: 'f32' },
  writes: { y: 'f32' },
  params: { rows: 'u32', columns: 'u32' },
  code: `fn each(index: u32) {
  let size = params.rows * params.columns;
  let within = index % size;
  y[index] = x[index - within + (within % params.rows) * params.columns + within / params.rows];
}`,
});

/**
 * The matrices of a tensor [..., rows, columns], each turned over: [..., columns, rows]. For the weights of products that need the
 * other one: they are small, and one form of the product less is one program less. The caller frees it.
 */
export const transpose = (gpu: NerfsegWebGpuBackend, x: TensorInfo): TensorInfo => {
  const [rows, columns] = x.shape.slice(-2);
  const y = gpu.allocate([...x.shape.slice(0, -2), columns, rows]);
  runItems(gpu, program, sizeOf(x.shape), { reads: { x }, writes: { y }, params: { rows, columns } });
  return y;
};
