import type { PackedRays } from '@nerfseg/ops';
import { exp, neg, reshape, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import { opticalDepth } from './optical-depth.js';
import { returnWindow } from './return-window.js';
import { splitAtReturn } from './split-at-return.js';

/**
 * The share of light that reaches a point on each ray: exp(-sum of density delta over the samples before
 * range - margin).
 * For rays from a camera through LiDAR points (`castCameraToPoints`) it says which points the camera sees.
 *
 * @param density [S] 1/m, at the samples.
 * @param range [R] metres.
 * @param margin metres before the point that do not count, since density is blurred by the voxels. Default `returnWindow`.
 * @returns [R] 0..1; 1 for a ray without samples.
 */
export const transmittanceAt = (
  density: Tensor1D,
  samples: PackedRays,
  range: Float32Array,
  margin: (range: number) => number = returnWindow,
): Tensor1D =>
  tidy(() => {
    const { free } = splitAtReturn(samples, range, margin);
    return exp(neg(reshape(opticalDepth(density, samples, [free]), [range.length]))) as Tensor1D;
  });
