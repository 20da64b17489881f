import { join } from 'node:path';
import { type DataError, dataError } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { guard, raise } from '../files/guard.js';
import { putFile } from '../files/write-file-atomic.js';
import { nuscenesLabelSpace } from '../labels/nuscenes.js';
import type { Frame } from '../types.js';
import { kittiLabelBytes } from './kitti-label-bytes.js';

/**
 * Writes one scan's prediction for SemanticKITTI's benchmark: `sequences/NN/predictions/NNNNNN.label`, raw ids. The
 * submission is a zip of the folder.
 *
 * @param classes [N] predicted class ids.
 * @returns the path.
 */
export const writeSemanticKittiPrediction = (
  folder: string,
  frame: Pick<Frame, 'id'>,
  classes: Uint8Array,
): TaskEither<DataError, string> =>
  guard(async () => {
    const [sequence, scan] = frame.id.split('/');
    if (scan === undefined)
      raise(dataError('mismatch', folder, 'frame id', frame.id, 'sequence/scan, a frame of SemanticKITTI'));
    const path = join(folder, 'sequences', sequence, 'predictions', `${scan}.label`);
    await putFile(path, kittiLabelBytes(classes));
    return path;
  });

/**
 * Writes one key frame's prediction for the nuScenes-lidarseg challenge:
 * `lidarseg/SET/TOKEN_lidarseg.bin`, uint8 1..16 per point.
 *
 * @param evaluationSet 'test', 'val', ...
 * @param classes [N] predicted class ids; 0 is no prediction and refused.
 * @returns the path.
 */
export const writeNuScenesPrediction = (
  folder: string,
  evaluationSet: string,
  frame: Pick<Frame, 'id' | 'lidarToken'>,
  classes: Uint8Array,
): TaskEither<DataError, string> =>
  guard(async () => {
    const { lidarToken } = frame;
    if (lidarToken === undefined)
      return raise(dataError('mismatch', folder, 'frame', frame.id, 'a frame of nuScenes'));
    const bad = classes.findIndex((c) => c < 1 || c >= nuscenesLabelSpace.names.length);
    if (bad >= 0)
      raise(
        dataError('out-of-range', frame.id, `prediction of point ${bad}`, String(classes[bad]), '1 to 16'),
      );
    const path = join(folder, 'lidarseg', evaluationSet, `${lidarToken}_lidarseg.bin`);
    await putFile(path, classes);
    return path;
  });

/** What the challenge asks about the inputs of a method. */
export interface NuScenesSubmissionMeta {
  readonly use_camera: boolean;
  readonly use_lidar: boolean;
  readonly use_radar: boolean;
  readonly use_map: boolean;
  readonly use_external: boolean;
}

/**
 * Writes `SET/submission.json` beside the predictions; the submission is a zip of the folder.
 *
 * @param meta default: LiDAR alone at inference.
 */
export const writeNuScenesSubmission = (
  folder: string,
  evaluationSet: string,
  meta: Partial<NuScenesSubmissionMeta> = {},
): TaskEither<DataError, string> =>
  guard(async () => {
    const path = join(folder, evaluationSet, 'submission.json');
    const lidarAlone: NuScenesSubmissionMeta = {
      use_camera: false,
      use_lidar: true,
      use_radar: false,
      use_map: false,
      use_external: false,
    };
    await putFile(path, `${JSON.stringify({ meta: { ...lidarAlone, ...meta } }, undefined, 2)}\n`);
    return path;
  });
