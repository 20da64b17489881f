import {
  type Frame,
  type KittiTask,
  semanticKittiMultiScanLabelSpace,
  writeNuScenesPrediction,
  writeNuScenesSubmission,
  writeSemanticKittiPrediction,
} from '@nerfseg/datasets';
import type { DataError, LabelSpace } from '@nerfseg/geometry';
import { right as done, map, type TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { DatasetFormat } from '../data/dataset-format.js';

/** Writes one frame's classes in the form that the format's benchmark takes. */
export const writePrediction = (
  folder: string,
  format: DatasetFormat,
  evaluationSet: string,
  labelSpace: LabelSpace,
  frame: Frame,
  classes: Uint8Array,
): TaskEither<DataError, void> => {
  const written =
    format === 'nuscenes'
      ? writeNuScenesPrediction(folder, evaluationSet, frame, classes)
      : writeSemanticKittiPrediction(folder, frame, classes, { task: taskOf(labelSpace) });
  return map((_path: string) => undefined)(written);
};

const taskOf = ({ name }: LabelSpace): KittiTask =>
  name === semanticKittiMultiScanLabelSpace.name ? 'multi-scan' : 'single-scan';

/** What a submission holds besides predictions: nuScenes asks which inputs were used. */
export const finishSubmission = (
  folder: string,
  format: DatasetFormat,
  evaluationSet: string,
): TaskEither<DataError, void> =>
  format === 'nuscenes'
    ? map((_path: string) => undefined)(writeNuScenesSubmission(folder, evaluationSet))
    : done(undefined);
