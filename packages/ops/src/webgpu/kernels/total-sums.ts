import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NerfsegWebGpuBackend } from '../backend.js';
import { type Program, runGroups } from '../program.js';
import { sizeOf } from './support.js';

/** Values that one workgroup adds up. */
const block = 16384;

/** Sums of blocks, of the values or of their squares: every thread adds each 256th value, then threads in pairs. Always in the same order. */
const blockSums: Program = {
  name: 'sum of all',
  reads: { values: 'f32' },
  writes: { sums: 'f32' },
  params: { size: 'u32', at: 'u32', squared: 'u32' },
  workgroup: 256,
  code: `var<workgroup> laneSums: array<f32, 256>;
fn main(group: u32, lane: u32) {
  let end = min(params.size, (group + 1u) * ${block}u);
  var sum = 0.0;
  for (var n = group * ${block}u + lane; n < end; n += 256u) {
    let value = values[n];
    sum += select(value, value * value, params.squared == 1u);
  }
  laneSums[lane] = sum;
  workgroupBarrier();
  for (var reach = 128u; reach > 0u; reach /= 2u) {
    if (lane < reach) { laneSums[lane] += laneSums[lane + reach]; }
    workgroupBarrier();
  }
  if (lane == 0u) { sums[params.at + group] = laneSums[0]; }
}`,
};

/** Adds up values or their squares until one block is left, whose sum goes to totals[at]; no values have sum 0. */
export const sumInto = (
  gpu: NerfsegWebGpuBackend,
  values: TensorInfo,
  totals: TensorInfo,
  at: number,
  squared: 0 | 1,
): void => {
  const size = sizeOf(values.shape);
  const blocks = Math.max(1, Math.ceil(size / block));
  const reads = { values };
  if (blocks === 1) {
    runGroups(gpu, blockSums, 1, { reads, writes: { sums: totals }, params: { size, at, squared } });
    return;
  }
  const partial = gpu.allocate([blocks]);
  runGroups(gpu, blockSums, blocks, { reads, writes: { sums: partial }, params: { size, at: 0, squared } });
  sumInto(gpu, partial, totals, at, 0);
  gpu.disposeData(partial.dataId);
};

/** The sum of all values, a scalar. */
export const sumAll = (gpu: NerfsegWebGpuBackend, values: TensorInfo): TensorInfo => {
  const total = gpu.allocate([]);
  sumInto(gpu, values, total, 0, 0);
  return total;
};
