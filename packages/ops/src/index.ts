export { withPortableKernels } from './dispatch.js';
export {
  type ConsideredEngine,
  type EngineChoice,
  type EngineError,
  type EngineName,
  engineNames,
} from './engine/engineTypes.js';
export { selectEngine } from './engine/selectEngine.js';
export { registerStandardGradients } from './gradients/registerStandardGradients.js';
export { concatKernelMaps } from './kernelmap/concatKernelMaps.js';
export type { GridShape } from './kernelmap/linearIndices.js';
export { type StridedMap, type StridedMapOptions, stridedMap } from './kernelmap/stridedMap.js';
export { type SubmanifoldMapOptions, submanifoldMap } from './kernelmap/submanifoldMap.js';
export type {
  AdamWAttrs,
  KernelMap,
  LinearAttrs,
  PackedRays,
  Segments,
  VoxelInterpolation,
} from './kernels.js';
export { activationAffine } from './ops/activationAffine.js';
export { type ActivationBatchNormOptions, activationBatchNorm } from './ops/activationBatchNorm.js';
export { adamW } from './ops/adamW.js';
export { type CompositedRays, compositeRays } from './ops/compositeRays.js';
export { gatherRows, scatterAddRows } from './ops/gatherScatterRows.js';
export { linear } from './ops/linear.js';
export { lovaszSoftmax } from './ops/lovaszSoftmax.js';
export { sampleVoxels } from './ops/sampleVoxels.js';
export { segmentMax, segmentMean } from './ops/segment.js';
export { softmaxCrossEntropy } from './ops/softmaxCrossEntropy.js';
export { sparseConv3d, sparseInverseConv3d } from './ops/sparseConv3d.js';
export { segmentsOf } from './segmentsOf.js';
