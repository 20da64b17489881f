export { nativeBackendName } from './backend.js';
export type { NativeOrigin } from './build.js';
export { type MapGrid, type NativeKernelMaps, nativeKernelMaps } from './kernel-maps.js';
export { type NativeEngine, registerNativeBackend } from './register.js';
export { type NativeVoxels, nativeVoxelize, type VoxelGrid } from './voxelize.js';
