import { join } from 'node:path';
import { type DataError, dataError } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { guard, raise } from '../files/guard.js';
import { putFile } from '../files/put-file.js';
import { nuscenesLabelSpace } from '../labels/nuscenes.js';
import type { Frame } from '../types.js';
import { type KittiLabelOptions, kittiLabelBytes } from '../write/kitti-label-bytes.js';
import { kittiPredictionName, nuscenesMetaName, nuscenesPredictionName } from './prediction-names.js';

/**
 * Writes one scan's prediction for SemanticKITTI's benchmarks: `sequences/NN/predictions/NNNNNN.label`, raw ids. The
 * submission is a zip of the folder.
 *
 * @param classes [N] predicted class ids of the task's label space.
 * @param options the task (default: single scans), and instances for the panoptic benchmark.
 * @returns the path; `mismatch` for a frame of another data set.
 */
export const writeSemanticKittiPrediction = (
  folder: string,
  frame: Pick<Frame, 'id'>,
  classes: Uint8Array,
  options: KittiLabelOptions = {},
): TaskEither<DataError, string> =>
  guard(async () => {
    const path = join(folder, kittiPredictionName(frame, folder));
    await putFile(path, kittiLabelBytes(classes, options));
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
    const path = join(folder, nuscenesPredictionName(frame, evaluationSet, folder));
    const bad = classes.findIndex((c) => c < 1 || c >= nuscenesLabelSpace.names.length);
    if (bad >= 0)
      raise(
        dataError('out-of-range', frame.id, `prediction of point ${bad}`, String(classes[bad]), '1 to 16'),
      );
    await putFile(path, classes);
    return path;
  });

/** What the challenge asks about the inputs of a method. */
export type NuScenesSubmissionMeta = Readonly<Record<(typeof nuscenesMetaFields)[number], boolean>>;

/** The fields of a submission's `meta`, all of which the challenge asks for. */
export const nuscenesMetaFields = [
  'use_camera',
  'use_lidar',
  'use_radar',
  'use_map',
  'use_external',
] as const;

/**
 * Writes `SET/submission.json` beside the predictions; the submission is a zip of the folder.
 *
 * @param meta default: LiDAR alone at inference.
 */
export const writeNuScenesSubmission = (
  folder: string,
  evaluationSet: string,
  meta: Partial<NuScenesSubmissionMeta> = {},
): TaskEither<DataError, string> => writeMeta(folder, evaluationSet, meta);

/** The `submission.json` of a set; of the inputs LiDAR alone where `meta` says nothing. */
export const writeMeta = (
  folder: string,
  evaluationSet: string,
  meta: Readonly<Record<string, boolean | string>>,
): TaskEither<DataError, string> =>
  guard(async () => {
    const path = join(folder, nuscenesMetaName(evaluationSet, folder));
    const inputs: Record<string, boolean> = {};
    for (const field of nuscenesMetaFields) inputs[field] = field === 'use_lidar';
    await putFile(path, `${JSON.stringify({ meta: { ...inputs, ...meta } }, undefined, 2)}\n`);
    return path;
  });
