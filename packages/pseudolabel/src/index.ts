export type { ClassicalOptions } from './classical/classical-masks.js';
export { classicalMasks } from './classical/classical-masks.js';
export type { FusionStatistics, SegmentCount } from './fusion/count-segments.js';
export { countSegments } from './fusion/count-segments.js';
export type { EntropyCurvePoint, KnownPixels, KnownSegment } from './fusion/entropy-curve.js';
export { entropyCurve, joinKnownPixels, knownPixels, nothingThere } from './fusion/entropy-curve.js';
export type { FuseProjectionOptions, ProjectedPoints } from './fusion/fuse-projection.js';
export { fuseProjection } from './fusion/fuse-projection.js';
export type { FuseSemanticsOptions } from './fusion/fuse-semantics.js';
export { fuseSemantics } from './fusion/fuse-semantics.js';
export type { RayWeighting } from './fusion/label-rays.js';
export { normalisedEntropy } from './fusion/normalised-entropy.js';
export type { SegmentCriteria } from './fusion/tally.js';
export { boxNms } from './masks/box-nms.js';
export type { CocoRle } from './masks/coco-rle.js';
export { fromCocoRle, toCocoRle } from './masks/coco-rle.js';
export { decodeRuns } from './masks/decode-runs.js';
export { encodeRuns } from './masks/encode-runs.js';
export { maskIou } from './masks/mask-iou.js';
export type { MaskPurity } from './masks/mask-purity.js';
export { maskPurity } from './masks/mask-purity.js';
export { removeSmallRegions } from './masks/remove-small-regions.js';
export { segmentMasks } from './masks/segment-masks.js';
export { segmentsAtPixels } from './masks/segments-at-pixels.js';
export { stabilityScore } from './masks/stability-score.js';
export type { MaskPriority } from './masks/to-label-map.js';
export { toLabelMap } from './masks/to-label-map.js';
export type { NumberRange } from './sam/check-options.js';
export { expectedWithin, samRanges } from './sam/check-options.js';
export type { SamModel, SamWeights } from './sam/find-weights.js';
export { findSamWeights, samModels } from './sam/find-weights.js';
export type { SamOptions, SamPreset, SamReport, SamSettings } from './sam/options.js';
export { originalSamSettings, samPresets } from './sam/options.js';
export { samMasks } from './sam/sam-masks.js';
export type { CoarseRendering, EntropySampleOptions } from './sampling/entropy-sample.js';
export { entropySample } from './sampling/entropy-sample.js';
export type { SampleRaysOptions } from './sampling/sample-rays.js';
export { sampleRays } from './sampling/sample-rays.js';
export { cachedMasks } from './sources/cached-masks.js';
export { decodeMaskFile, encodeMaskFile } from './sources/mask-file.js';
export type {
  MaskStore,
  MaskStoreOptions,
  StoredMasks,
  StorePicture,
  WriteFile,
} from './sources/mask-store.js';
export { openMaskStore, pictureKey, storeField } from './sources/mask-store.js';
export type { LidarHints, MaskHints, MaskSource } from './sources/types.js';
