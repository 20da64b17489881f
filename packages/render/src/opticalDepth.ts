import { type PackedRays, scatterAddRows } from '@nerfseg/ops';
import { add, mul, reshape, sum, type Tensor1D, type Tensor2D, tensor2d, zeros } from '@tensorflow/tfjs-core';

/** A stretch per ray: [R] begin and end in metres. */
export interface Stretches {
  readonly begin: Float32Array;
  readonly end: Float32Array;
}

/** [S] metres of each sample's interval t - delta/2 .. t + delta/2 that lie within its ray's stretch. */
export const overlapLengths = (samples: PackedRays, { begin, end }: Stretches): Float32Array => {
  const { rayOffsets, t, delta } = samples;
  const lengths = new Float32Array(t.length);
  for (let r = 0; r + 1 < rayOffsets.length; r++) {
    for (let s = rayOffsets[r]; s < rayOffsets[r + 1]; s++) {
      const half = delta[s] / 2;
      lengths[s] = Math.max(0, Math.min(t[s] + half, end[r]) - Math.max(t[s] - half, begin[r]));
    }
  }
  return lengths;
};

/** Sums density over lengths: [R, K] for K sets of [S] lengths. Differentiable in density. */
export const opticalDepth = (
  density: Tensor1D,
  samples: PackedRays,
  lengths: readonly Float32Array[],
): Tensor2D => {
  const rays = samples.rayOffsets.length - 1;
  const count = samples.t.length;
  const sets = lengths.length;
  if (count === 0) return add(zeros([rays, sets]), sum(density)) as Tensor2D;
  const rayOf = new Int32Array(count);
  for (let r = 0; r < rays; r++) rayOf.fill(r, samples.rayOffsets[r], samples.rayOffsets[r + 1]);
  const interleaved = new Float32Array(count * sets);
  for (let k = 0; k < sets; k++) for (let s = 0; s < count; s++) interleaved[s * sets + k] = lengths[k][s];
  const terms = mul(reshape(density, [count, 1]), tensor2d(interleaved, [count, sets])) as Tensor2D;
  return scatterAddRows(terms, rayOf, rays);
};
