export { castCameraToPoints } from './castCameraToPoints.js';
export type { LidarRayOptions } from './castLidarRays.js';
export { castLidarRays } from './castLidarRays.js';
export { castRays } from './castRays.js';
export type { MeasuredRays } from './castToPoints.js';
export { concatRays } from './concatRays.js';
export { levelIndex } from './levelIndex.js';
export type { Spacing } from './marchEdges.js';
export type { MarchOptions } from './marchRays.js';
export { marchRays } from './marchRays.js';
export { pixelGrid } from './pixelGrid.js';
export { returnWindow } from './returnWindow.js';
export type { TransformedRays } from './transformRays.js';
export { transformRays } from './transformRays.js';
export type {
  FeatureLevel,
  InterpolationMode,
  RayCamera,
  RayLimits,
  RaySamples,
  VoxelIndex,
} from './types.js';
