export type { Augmented, AugmentOptions } from './augment/augment.js';
export { augment } from './augment/augment.js';
export { pointsKept } from './augment/drop-points.js';
export type { LaserMixOptions } from './augment/laser-mix.js';
export { laserMix, laserMixInclination } from './augment/laser-mix.js';
export type { MixSettings } from './augment/mix-settings.js';
export type { MixedScan, MixInput, MixPart, PointOrigins } from './augment/mixed-scan.js';
export type { PolarMixOptions } from './augment/polar-mix.js';
export { polarMix, polarMixClasses } from './augment/polar-mix.js';
export { feed } from './feed/feed.js';
export type { PreparedMix, PreparedScan, PrepareOptions, VoxelizedPoints } from './feed/prepare-scan.js';
export { prepareMix, prepareScan } from './feed/prepare-scan.js';
export type {
  Fed,
  FedImage,
  FedScan,
  FeedItem,
  FeedOptions,
  FeedSettings,
} from './feed/types.js';
export { cacheFolder } from './files/cache-folder.js';
export { readWholeFile } from './files/read-whole-file.js';
export { readImage } from './images/read-image.js';
export { cropView, resizeView } from './images/resize-view.js';
export { writeJpeg, writePng } from './images/write-image.js';
export { openScribbleKitti } from './kitti/open-scribble-kitti.js';
export type { OpenSemanticKittiOptions } from './kitti/open-semantic-kitti.js';
export { openSemanticKitti } from './kitti/open-semantic-kitti.js';
export type { KittiCamera } from './kitti/sequence.js';
export { nuscenesCategories, nuscenesLabelSpace, nuscenesRawLabels } from './labels/nuscenes.js';
export type { RawLabelMap } from './labels/raw-label-map.js';
export { classesOfRaw, rawOfClasses, unknownRaw } from './labels/raw-label-map.js';
export type { KittiLabels, KittiTask } from './labels/semantic-kitti.js';
export {
  semanticKittiLabelSpace,
  semanticKittiLabels,
  semanticKittiMultiScanLabelSpace,
  semanticKittiMultiScanRawLabels,
  semanticKittiRawLabels,
} from './labels/semantic-kitti.js';
export type { IndexOptions } from './nuscenes/index/open-index.js';
export type { OpenNuScenesOptions } from './nuscenes/open-nuscenes.js';
export { openNuScenes } from './nuscenes/open-nuscenes.js';
export type { DatasetDescription } from './open-dataset.js';
export { openDataset } from './open-dataset.js';
export type { CameraRecord, FrameRecord, RecordedObject, SceneRecord, WrittenFrame } from './record.js';
export type { Confusion } from './scores/confusion.js';
export { addToConfusion, emptyConfusion } from './scores/confusion.js';
export type { ConfusionByDistance } from './scores/confusion-by-distance.js';
export {
  addToConfusionByDistance,
  defaultDistances,
  emptyConfusionByDistance,
  sumOfConfusions,
} from './scores/confusion-by-distance.js';
export type { Scores, ScoresOptions } from './scores/scores.js';
export { scoresOf } from './scores/scores.js';
export type { DistanceScores, OfficialScores } from './scores/scores-by-distance.js';
export { scoresByDistance } from './scores/scores-by-distance.js';
export type { LabelFraction } from './selection/label-fraction.js';
export { labelFraction } from './selection/label-fraction.js';
export type { LabelledPoints } from './selection/load-labelled.js';
export { loadLabelled } from './selection/load-labelled.js';
export type { PublishedLabelFraction, ReadLabelFractionOptions } from './selection/read-label-fraction.js';
export { readLabelFraction } from './selection/read-label-fraction.js';
export type { Relabelling } from './selection/relabelled.js';
export { relabelled } from './selection/relabelled.js';
export { subset } from './selection/subset.js';
export type { KittiSplit } from './splits/kitti.js';
export { kittiSequences } from './splits/kitti.js';
export type { NuScenesSplit } from './splits/nuscenes.js';
export { nuscenesScenes } from './splits/nuscenes.js';
export type { OpenSubmissionOptions, Submission } from './submission/open-submission.js';
export { openSubmission } from './submission/open-submission.js';
export type {
  CheckOptions,
  ScoreOptions,
  SubmissionScores,
} from './submission/score-submission.js';
export { checkSubmission, scoreSubmission } from './submission/score-submission.js';
export type { PanopticPrediction, PanopticSubmissionMeta } from './submission/write-panoptic-predictions.js';
export {
  writeNuScenesPanopticPrediction,
  writeNuScenesPanopticSubmission,
} from './submission/write-panoptic-predictions.js';
export type { NuScenesSubmissionMeta } from './submission/write-predictions.js';
export {
  writeNuScenesPrediction,
  writeNuScenesSubmission,
  writeSemanticKittiPrediction,
} from './submission/write-predictions.js';
export type { AccumulatedSweeps, AccumulateSweepsOptions } from './sweeps/accumulate-sweeps.js';
export { accumulateSweeps } from './sweeps/accumulate-sweeps.js';
export type { CameraView, Frame, FrameDataset, Sweep } from './types.js';
export type { KittiLabelOptions } from './write/kitti-label-bytes.js';
export { objectsOf } from './write/objects-of.js';
export { writeScribbleKitti, writeSemanticKitti } from './write/write-kitti.js';
export type { WriteNuScenesOptions, WriteSummary } from './write/write-nuscenes.js';
export { writeNuScenes } from './write/write-nuscenes.js';
