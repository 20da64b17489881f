export { concatSegments } from './concat-segments.js';
export { withPortableKernels } from './dispatch.js';
export {
  type ConsideredEngine,
  type EngineChoice,
  type EngineError,
  type EngineName,
  engineNames,
} from './engine/engine-types.js';
export { selectEngine } from './engine/select-engine.js';
export { registerStandardGradients } from './gradients/register-standard-gradients.js';
export { concatKernelMaps } from './kernelmap/concat-kernel-maps.js';
export type { GridShape } from './kernelmap/linear-indices.js';
export { selectTaps } from './kernelmap/select-taps.js';
export { type StridedMap, type StridedMapOptions, stridedMap } from './kernelmap/strided-map.js';
export { type SubmanifoldMapOptions, submanifoldMap } from './kernelmap/submanifold-map.js';
export type {
  AdamWAttrs,
  KernelMap,
  KernelMapPart,
  LinearAttrs,
  PackedRays,
  Segments,
  VoxelInterpolation,
} from './kernels.js';
export { activationAffine } from './ops/activation-affine.js';
export { type ActivationBatchNormOptions, activationBatchNorm } from './ops/activation-batch-norm.js';
export { type AdamWState, adamW } from './ops/adam-w.js';
export { bestClassCrossEntropy } from './ops/best-class-cross-entropy.js';
export { type CompositedRays, compositeRays } from './ops/composite-rays.js';
export {
  type EncodedPoints,
  encodePoints,
  type PointLayer,
  type PointStatistics,
} from './ops/encode-points.js';
export { gatherRows, scatterAddRows } from './ops/gather-scatter-rows.js';
export { linear } from './ops/linear.js';
export { lovaszSoftmax } from './ops/lovasz-softmax.js';
export { sampleVoxels } from './ops/sample-voxels.js';
export { segmentMax, segmentMean } from './ops/segment.js';
export { softmaxCrossEntropy } from './ops/softmax-cross-entropy.js';
export { sparseConv3d, sparseInverseConv3d } from './ops/sparse-conv3d.js';
export { squareSums } from './ops/square-sums.js';
export { sumOfAll } from './ops/sum-of-all.js';
export { type WeightedTerm, weightedSums } from './ops/weighted-sums.js';
export { type Precision, precisions, withPrecision } from './precision.js';
export { segmentsOf } from './segments-of.js';
export type { WebGpuAdapter } from './webgpu/adapter-types.js';
export { webGpuAdapters } from './webgpu/list-adapters.js';
