export { chooseReturns } from './data/choose-returns.js';
export { indexSampler } from './data/sampler.js';
export { type EvaluateOptions, type Evaluation, evaluate } from './evaluate.js';
export { type ClassBalance, classWeights, rowWeights } from './losses/class-weights.js';
export { freeSpaceLoss } from './losses/free-space.js';
export { supervisedLoss } from './losses/supervised.js';
export {
  type AdamWOptions,
  type AdamWState,
  applyAdamW,
  createAdamW,
  disposeAdamW,
  type Parameters,
} from './optim/adam-w.js';
export { clipGradients } from './optim/clip-gradients.js';
export { oneCycle } from './optim/one-cycle.js';
export { type RenderViewOptions, rayLimits, renderView } from './rays/render-view.js';
export { type ReturnRays, returnRays, seenBy } from './rays/return-rays.js';
export { type ScanLevels, scanIndices, scanLevels } from './rays/scan-levels.js';
export { silentRays } from './rays/silent-rays.js';
export { type FusionSettings, type LabelledView, labelView } from './teacher/label-view.js';
export {
  type PointSemantics,
  pointSemantics,
  type VoxelSemantics,
  voxelSemantics,
} from './teacher/point-semantics.js';
export { projectionVotes } from './teacher/projection-votes.js';
export type { MasksOf } from './teacher/teach-scan.js';
export type { LossRecord } from './train/checkpoint.js';
export { rampUp } from './train/ramp-up.js';
export { type TrainSettings, trainSettings } from './train/settings.js';
export { type TrainOptions, type TrainResult, train } from './train/train.js';
