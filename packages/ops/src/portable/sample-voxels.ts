import { add, gather, mul, type Tensor, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { TensorsOf } from '../dispatch.js';
import type { SampleVoxelsAttrs, SampleVoxelsGradInputs, SampleVoxelsInputs } from '../kernels.js';
import { columnsOf, indexTensor, withZeroRow } from './padded-rows.js';
import { reduceSegments } from './reduce-segments.js';
import { groupsOf } from './rows.js';

/** Every corners-th value from `corner` on. */
const column = <T extends Int32Array | Float32Array>(
  values: T,
  corner: number,
  corners: number,
  into: T,
): T => {
  for (let s = 0; s < into.length; s++) into[s] = values[s * corners + corner];
  return into;
};

export const portableSampleVoxels = (
  { x }: TensorsOf<SampleVoxelsInputs>,
  { interpolation: { corners, indices, weights } }: SampleVoxelsAttrs,
): Tensor => {
  const samples = corners > 0 ? indices.length / corners : 0;
  const padded = withZeroRow(x);
  let y: Tensor = zeros([samples, columnsOf(x)]);
  if (samples === 0) return y;
  for (let corner = 0; corner < corners; corner++) {
    const rows = indexTensor(column(indices, corner, corners, new Int32Array(samples)), x.shape[0]);
    const weight = tensor2d(column(weights, corner, corners, new Float32Array(samples)), [samples, 1]);
    y = add(y, mul(gather(padded, rows), weight));
  }
  return y;
};

export const portableSampleVoxelsGrad = (
  { dy }: TensorsOf<SampleVoxelsGradInputs>,
  { interpolation: { corners, indices, weights }, rows }: SampleVoxelsAttrs,
): Tensor => {
  if (indices.length === 0) return zeros([rows, columnsOf(dy)]);
  const sampleOf = Int32Array.from(indices, (_, n) => Math.floor(n / corners));
  const weighted = mul(gather(dy, indexTensor(sampleOf, 0)), tensor2d(weights, [weights.length, 1]));
  return reduceSegments(weighted, groupsOf(indices, rows), 'sum');
};
