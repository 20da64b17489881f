import type { PackedRays } from '@nerfseg/ops';
import { exp, neg, reshape, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import { opticalDepth, overlapLengths } from './opticalDepth.js';
import { returnWindow } from './returnWindow.js';

/**
 * The share of light that reaches a point on each ray: exp(-integral of density from the origin to range - margin).
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
    const rays = samples.rayOffsets.length - 1;
    if (range.length !== rays) throw new RangeError(`range: found ${range.length} values, expected ${rays}`);
    const end = range.map((distance) => distance - margin(distance));
    const before = overlapLengths(samples, { begin: new Float32Array(rays), end });
    return exp(neg(reshape(opticalDepth(density, samples, [before]), [rays]))) as Tensor1D;
  });
