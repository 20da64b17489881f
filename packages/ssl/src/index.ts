export { chooseReturns } from './data/choose-returns.js';
export { indexSampler } from './data/sampler.js';
export type { ReadAhead } from './data/scan-source.js';
export { type EvaluateOptions, type Evaluation, evaluate } from './evaluate.js';
export { type ClassBalance, classWeights, rowWeights } from './losses/class-weights.js';
export { consistencyLoss } from './losses/consistency.js';
export { freeSpaceLoss } from './losses/free-space.js';
export { supervisedLoss } from './losses/supervised.js';
export type {
  LossTerm,
  MasksOf,
  Method,
  MethodNeeds,
  Teach,
  TeachContext,
} from './methods/method.js';
export { type MethodName, methodNames } from './methods/method-names.js';
export type { MethodState } from './methods/method-state.js';
export { methods } from './methods/methods.js';
export { publishedSettings } from './methods/published-settings.js';
export { accumulate } from './optim/accumulate.js';
export { type AdamWOptions, adamW } from './optim/adam-w.js';
export { chain } from './optim/chain.js';
export { clipByGlobalNorm, globalNorm } from './optim/clip-by-global-norm.js';
export { oneCycle } from './optim/one-cycle.js';
export {
  applyGradients,
  countersOf,
  createOptimizer,
  disposeOptimizer,
  type Optimizer,
  restoreCounters,
} from './optim/optimizer.js';
export { scale, scaleBySchedule } from './optim/scale.js';
export {
  cosine,
  poly,
  type ScheduleName,
  type ScheduleOptions,
  scheduleNames,
  scheduleOf,
  withWarmup,
} from './optim/schedules.js';
export { type SgdOptions, sgd } from './optim/sgd.js';
export type {
  NamedTensors,
  OptimizerState,
  Parameters,
  Transformation,
  Updates,
} from './optim/transformation.js';
export { materialise, tensorUpdates } from './optim/updates.js';
export { type PredictedScan, predictPoints } from './predict-points.js';
export { renderOptions } from './rays/render-options.js';
export { renderSamples } from './rays/render-samples.js';
export { type RenderViewOptions, rayLimits, renderView } from './rays/render-view.js';
export { type ReturnRays, returnRays, seenBy } from './rays/return-rays.js';
export { type ScanLevels, scanIndices, scanLevels } from './rays/scan-levels.js';
export { silentRays } from './rays/silent-rays.js';
export { checkpointFile, listCheckpoints } from './runs/checkpoint-folder.js';
export type { BestRecord, LossRecord, ValidationRecord } from './runs/record.js';
export { bestClasses } from './teacher/best-classes.js';
export { balancedClasses, classThresholds } from './teacher/class-thresholds.js';
export { fusionCriteria } from './teacher/fusion-criteria.js';
export { labelHidden } from './teacher/label-hidden.js';
export { type FusionSettings, type LabelledView, labelView } from './teacher/label-view.js';
export {
  type PointSemantics,
  pointSemantics,
  type VoxelSemantics,
  voxelSemantics,
} from './teacher/point-semantics.js';
export type { PointVisibility } from './teacher/point-visibility.js';
export { labelByProjection, projectionVotes } from './teacher/projection-votes.js';
export { type ConflictRule, settleConflicts } from './teacher/settle-conflicts.js';
export { type SeenAndHidden, visiblePoints } from './teacher/visible-points.js';
export { rampUp } from './train/ramp-up.js';
export { type TrainSettings, trainSettings } from './train/settings.js';
export type { StepPhase, StepSeconds } from './train/stopwatch.js';
export { type TrainResult, train } from './train/train.js';
export type { TrainOptions } from './train/train-options.js';
