import { SquareSums } from '../../kernels.js';
import type { GpuKernel } from './support.js';
import { sumInto } from './total-sums.js';

/** One program for most tensors, two for large ones. */
const squareSums: GpuKernel = ({ gpu, inputs }) => {
  const tensors = Object.values(inputs);
  const totals = gpu.allocate([tensors.length]);
  for (const [k, values] of tensors.entries()) sumInto(gpu, values, totals, k, 1);
  return totals;
};

export const squareSumKernels: Readonly<Record<string, GpuKernel>> = { [SquareSums]: squareSums };
