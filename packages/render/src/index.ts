export { castCameraToPoints } from './cast-camera-to-points.js';
export type { LidarRayOptions } from './cast-lidar-rays.js';
export { castLidarRays } from './cast-lidar-rays.js';
export { castRays } from './cast-rays.js';
export type { MeasuredRays } from './cast-to-points.js';
export { concatRays } from './concat-rays.js';
export { concatSamples } from './concat-samples.js';
export { copyNerfHead, disposeNerfHead } from './copy-nerf-head.js';
export { createNerfHead } from './create-nerf-head.js';
export type { DensityLikelihoodOptions } from './density-likelihood.js';
export { densityLikelihood } from './density-likelihood.js';
export { evaluateDensity } from './evaluate-density.js';
export type { RadianceField } from './evaluate-nerf-head.js';
export { evaluateNerfHead } from './evaluate-nerf-head.js';
export { levelIndex } from './level-index.js';
export type { Spacing } from './march-edges.js';
export type { MarchOptions } from './march-rays.js';
export { marchRays } from './march-rays.js';
export { medianDepth } from './median-depth.js';
export type { NerfHead, NerfHeadConfig } from './nerf-head.js';
export { pixelGrid } from './pixel-grid.js';
export type { RenderedRays, RenderOptions } from './render-field.js';
export { renderField } from './render-field.js';
export type { RenderRaysOptions } from './render-rays.js';
export { renderRays } from './render-rays.js';
export { returnWindow } from './return-window.js';
export { toPixelSemantics } from './to-pixel-semantics.js';
export type { TransformedRays } from './transform-rays.js';
export { transformRays } from './transform-rays.js';
export { transmittanceAt } from './transmittance-at.js';
export type {
  FeatureLevel,
  InterpolationMode,
  RayCamera,
  RayLimits,
  RaySamples,
  VoxelIndex,
} from './types.js';
