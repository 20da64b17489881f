import { type PackedRays, registerStandardGradients, scatterAddRows, sumOfAll } from '@nerfseg/ops';
import { add, mul, reshape, type Tensor1D, type Tensor2D, tensor2d, zeros } from '@tensorflow/tfjs-core';

/** Sums density over lengths: [R, K] for K sets of [S] lengths. Differentiable in density. */
export const opticalDepth = (
  density: Tensor1D,
  samples: PackedRays,
  lengths: readonly Float32Array[],
): Tensor2D => {
  registerStandardGradients();
  const rays = samples.rayOffsets.length - 1;
  const count = samples.t.length;
  const sets = lengths.length;
  if (count === 0) return add(zeros([rays, sets]), sumOfAll(density)) as Tensor2D;
  const rayOf = new Int32Array(count);
  for (let r = 0; r < rays; r++) rayOf.fill(r, samples.rayOffsets[r], samples.rayOffsets[r + 1]);
  const interleaved = new Float32Array(count * sets);
  for (let k = 0; k < sets; k++) for (let s = 0; s < count; s++) interleaved[s * sets + k] = lengths[k][s];
  const terms = mul(reshape(density, [count, 1]), tensor2d(interleaved, [count, sets])) as Tensor2D;
  return scatterAddRows(terms, rayOf, rays);
};
