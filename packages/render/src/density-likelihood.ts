import { type PackedRays, sumOfAll } from '@nerfseg/ops';
import {
  add,
  div,
  expm1,
  log,
  minimum,
  mul,
  neg,
  type Scalar,
  slice,
  sub,
  type Tensor1D,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core';
import { opticalDepth } from './optical-depth.js';
import { returnWindow } from './return-window.js';
import { splitAtReturn } from './split-at-return.js';

export interface DensityLikelihoodOptions {
  /** Half width in metres of the stretch around a return at this range. Default `returnWindow`. */
  readonly window?: (range: number) => number;
  /** Optical depth of free space beyond which a ray costs no more: one wrong wall is enough. Default 8. */
  readonly freeLimit?: number;
  /** [R] weight per ray. Default 1. */
  readonly rayWeights?: Float32Array;
}

/** Keeps the logarithm and its gradient finite where the window holds no density. */
const LEAST_OPTICAL_DEPTH = 1e-3;

/**
 * Negative log likelihood that a pulse passes the free space before a return and ends in the window around it:
 * `min(sum_free density delta, 8) - log(1 - exp(-sum_window density delta))`, the (weighted) mean over rays. See `splitAtReturn` for which samples
 * are which. Rays whose window no sample reaches, or without a range (<= 0), are left out; without any ray the loss is 0.
 *
 * @param density [S] 1/m, at the samples.
 * @param range [R] metres to the return.
 */
export const densityLikelihood = (
  density: Tensor1D,
  samples: PackedRays,
  range: Float32Array,
  options: DensityLikelihoodOptions = {},
): Scalar => {
  const rays = samples.rayOffsets.length - 1;
  const { free, hit } = splitAtReturn(samples, range, options.window ?? returnWindow);
  const weights = new Float32Array(rays);
  let total = 0;
  for (let r = 0; r < rays; r++) {
    let reached = 0;
    for (let s = samples.rayOffsets[r]; s < samples.rayOffsets[r + 1]; s++) reached += hit[s];
    if (!(range[r] > 0 && reached > 0)) continue;
    weights[r] = options.rayWeights?.[r] ?? 1;
    total += weights[r];
  }
  return tidy(() => {
    const sums = opticalDepth(density, samples, [free, hit]);
    const passed = minimum(slice(sums, [0, 0], [rays, 1]), options.freeLimit ?? 8);
    const stopped = add(slice(sums, [0, 1], [rays, 1]), LEAST_OPTICAL_DEPTH);
    const costs = sub(passed, log(neg(expm1(neg(stopped)))));
    return div(sumOfAll(mul(costs, tensor2d(weights, [rays, 1]))), total > 0 ? total : 1) as Scalar;
  });
};
