export { withPortableKernels } from './dispatch.js';
export { registerStandardGradients } from './gradients/registerStandardGradients.js';
export { concatKernelMaps } from './kernelmap/concatKernelMaps.js';
export type { GridShape } from './kernelmap/linearIndices.js';
export { type StridedMap, type StridedMapOptions, stridedMap } from './kernelmap/stridedMap.js';
export { type SubmanifoldMapOptions, submanifoldMap } from './kernelmap/submanifoldMap.js';
export type { KernelMap, PackedRays, Segments, VoxelInterpolation } from './kernels.js';
export { sparseConv3d, sparseInverseConv3d } from './ops/sparseConv3d.js';
export { segmentsOf } from './segmentsOf.js';
