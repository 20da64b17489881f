export { castCameraToPoints } from './castCameraToPoints.js';
export type { LidarRayOptions } from './castLidarRays.js';
export { castLidarRays } from './castLidarRays.js';
export { castRays } from './castRays.js';
export type { MeasuredRays } from './castToPoints.js';
export { concatRays } from './concatRays.js';
export { concatSamples } from './concatSamples.js';
export { copyNerfHead, disposeNerfHead } from './copyNerfHead.js';
export { createNerfHead } from './createNerfHead.js';
export type { DensityLikelihoodOptions } from './densityLikelihood.js';
export { densityLikelihood } from './densityLikelihood.js';
export type { RadianceField } from './evaluateNerfHead.js';
export { evaluateNerfHead } from './evaluateNerfHead.js';
export { levelIndex } from './levelIndex.js';
export type { Spacing } from './marchEdges.js';
export type { MarchOptions } from './marchRays.js';
export { marchRays } from './marchRays.js';
export { medianDepth } from './medianDepth.js';
export type { NerfHead, NerfHeadConfig } from './nerfHead.js';
export { pixelGrid } from './pixelGrid.js';
export type { RenderedRays, RenderOptions } from './renderField.js';
export { renderField } from './renderField.js';
export type { RenderRaysOptions } from './renderRays.js';
export { renderRays } from './renderRays.js';
export { returnWindow } from './returnWindow.js';
export { toPixelSemantics } from './toPixelSemantics.js';
export type { TransformedRays } from './transformRays.js';
export { transformRays } from './transformRays.js';
export { transmittanceAt } from './transmittanceAt.js';
export type {
  FeatureLevel,
  InterpolationMode,
  RayCamera,
  RayLimits,
  RaySamples,
  VoxelIndex,
} from './types.js';
export type { ZBufferOptions } from './zBufferVisibility.js';
export { zBufferVisibility } from './zBufferVisibility.js';
