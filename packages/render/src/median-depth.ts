import type { PackedRays } from '@nerfseg/ops';

/**
 * Where half of a ray's absorbed light has been absorbed: the surface's depth, robust to what lies behind it.
 *
 * @param weights [S] compositing weights.
 * @returns [R] metres along the ray, interpolated within the sample's interval; NaN where nothing absorbs.
 */
export const medianDepth = (weights: Float32Array, { rayOffsets, t, delta }: PackedRays): Float32Array => {
  const depth = new Float32Array(rayOffsets.length - 1).fill(Number.NaN);
  for (let r = 0; r < depth.length; r++) {
    let opacity = 0;
    for (let s = rayOffsets[r]; s < rayOffsets[r + 1]; s++) opacity += weights[s];
    if (!(opacity > 0)) continue;
    let left = opacity / 2;
    for (let s = rayOffsets[r]; s < rayOffsets[r + 1]; s++) {
      if (weights[s] < left) left -= weights[s];
      else {
        depth[r] = t[s] + delta[s] * (left / weights[s] - 0.5);
        break;
      }
    }
  }
  return depth;
};
