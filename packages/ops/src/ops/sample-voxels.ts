import type { Tensor2D } from '@tensorflow/tfjs-core';
import { type Primitive, runPrimitive } from '../dispatch.js';
import { hostSampleVoxels, hostSampleVoxelsGrad } from '../host/sample-voxels.js';
import {
  SampleVoxels,
  type SampleVoxelsAttrs,
  SampleVoxelsGrad,
  type SampleVoxelsGradInputs,
  type SampleVoxelsInputs,
  type VoxelInterpolation,
} from '../kernels.js';
import { portableSampleVoxels, portableSampleVoxelsGrad } from '../portable/sample-voxels.js';
import { checkIndices } from './check-indices.js';
import { checkShape } from './check-shape.js';

const gradient: Primitive<SampleVoxelsGradInputs, SampleVoxelsAttrs> = {
  name: SampleVoxelsGrad,
  portable: portableSampleVoxelsGrad,
  host: hostSampleVoxelsGrad,
};

const sample: Primitive<SampleVoxelsInputs, SampleVoxelsAttrs> = {
  name: SampleVoxels,
  portable: portableSampleVoxels,
  host: hostSampleVoxels,
  gradient: {
    saveInputs: [],
    rule: ([dy], _, attrs) => ({ x: () => runPrimitive(gradient, { dy }, attrs)[0] }),
  },
};

/**
 * Features at points between voxels: y[s] = sum over corners j of weights[s, j] features[indices[s, j]]; index -1 adds
 * nothing. Differentiable in the features.
 *
 * @param features [V, C]
 * @param interpolation of S samples; indices and weights [S * corners]
 * @returns [S, C]
 */
export const sampleVoxels = (features: Tensor2D, interpolation: VoxelInterpolation): Tensor2D => {
  const { corners, indices, weights } = interpolation;
  checkShape('sampleVoxels', 'features', features, [null, null]);
  if (!(Number.isInteger(corners) && corners > 0))
    throw new Error(`sampleVoxels: ${corners} corners, expected a whole number from 1`);
  if (indices.length !== weights.length || indices.length % corners !== 0) {
    throw new Error(
      `sampleVoxels: ${indices.length} indices and ${weights.length} weights, expected as many, ${corners} per sample`,
    );
  }
  checkIndices('sampleVoxels', indices, features.shape[0]);
  return runPrimitive(sample, { x: features }, { interpolation, rows: features.shape[0] })[0] as Tensor2D;
};
