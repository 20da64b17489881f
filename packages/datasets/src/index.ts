export type { Augmented, AugmentOptions } from './augment/augment.js';
export { augment } from './augment/augment.js';
export { writeFileAtomic } from './files/write-file-atomic.js';
export { readImage } from './images/read-image.js';
export { writeJpeg, writePng } from './images/write-image.js';
export { openScribbleKitti } from './kitti/open-scribble-kitti.js';
export type { OpenSemanticKittiOptions } from './kitti/open-semantic-kitti.js';
export { openSemanticKitti } from './kitti/open-semantic-kitti.js';
export type { KittiCamera } from './kitti/sequence.js';
export { nuscenesCategories, nuscenesLabelSpace, nuscenesRawLabels } from './labels/nuscenes.js';
export type { RawLabelMap } from './labels/raw-label-map.js';
export { classesOfRaw, rawOfClasses, unknownRaw } from './labels/raw-label-map.js';
export { semanticKittiLabelSpace, semanticKittiRawLabels } from './labels/semantic-kitti.js';
export type { IndexOptions } from './nuscenes/index/open-index.js';
export type { OpenNuScenesOptions } from './nuscenes/open-nuscenes.js';
export { openNuScenes } from './nuscenes/open-nuscenes.js';
export type { CameraRecord, FrameRecord, SceneRecord, WrittenFrame } from './record.js';
export type { LabelFraction } from './selection/label-fraction.js';
export { labelFraction } from './selection/label-fraction.js';
export type { LabelledPoints } from './selection/load-labelled.js';
export { loadLabelled } from './selection/load-labelled.js';
export type { PublishedLabelFraction, ReadLabelFractionOptions } from './selection/read-label-fraction.js';
export { readLabelFraction } from './selection/read-label-fraction.js';
export { subset } from './selection/subset.js';
export type { KittiSplit } from './splits/kitti.js';
export { kittiSequences } from './splits/kitti.js';
export type { NuScenesSplit } from './splits/nuscenes.js';
export { nuscenesScenes } from './splits/nuscenes.js';
export type { AccumulatedSweeps, AccumulateSweepsOptions } from './sweeps/accumulate-sweeps.js';
export { accumulateSweeps } from './sweeps/accumulate-sweeps.js';
export type { CameraView, Frame, FrameDataset, Sweep } from './types.js';
export { writeScribbleKitti, writeSemanticKitti } from './write/write-kitti.js';
export type { WriteNuScenesOptions, WriteSummary } from './write/write-nuscenes.js';
export { writeNuScenes } from './write/write-nuscenes.js';
export type { PanopticPrediction, PanopticSubmissionMeta } from './write/write-panoptic-predictions.js';
export {
  writeNuScenesPanopticPrediction,
  writeNuScenesPanopticSubmission,
} from './write/write-panoptic-predictions.js';
export type { NuScenesSubmissionMeta } from './write/write-predictions.js';
export {
  writeNuScenesPrediction,
  writeNuScenesSubmission,
  writeSemanticKittiPrediction,
} from './write/write-predictions.js';
