import type { VoxelInterpolation } from '@nerfseg/ops';
import type { RaySamples } from './types.js';

const stacked = new WeakMap<RaySamples, VoxelInterpolation>();

/** All levels' interpolations as one into their feature rows, one level after the other: a single sum over all corners. */
export const stackedInterpolation = (samples: RaySamples): VoxelInterpolation => {
  const known = stacked.get(samples);
  if (known) return known;
  const each = samples.levels[0].corners;
  const corners = each * samples.levels.length;
  const indices = new Int32Array(samples.sampleCount * corners);
  const weights = new Float32Array(samples.sampleCount * corners);
  let offset = 0;
  samples.levels.forEach((level, l) => {
    for (let s = 0; s < samples.sampleCount; s++) {
      for (let c = 0; c < each; c++) {
        const row = level.indices[s * each + c];
        const to = s * corners + l * each + c;
        indices[to] = row < 0 ? -1 : row + offset;
        weights[to] = level.weights[s * each + c];
      }
    }
    offset += samples.levelRows[l];
  });
  const result = { corners, indices, weights };
  stacked.set(samples, result);
  return result;
};
