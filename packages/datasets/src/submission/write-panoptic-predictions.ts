import { join } from 'node:path';
import { type DataError, dataError } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { guard, raise } from '../files/guard.js';
import { npzBytes } from '../files/npz.js';
import { putFile } from '../files/put-file.js';
import { nuscenesLabelSpace } from '../labels/nuscenes.js';
import { instancesPerCategory } from '../nuscenes/read-panoptic.js';
import type { Frame } from '../types.js';
import { nuscenesPanopticName } from './prediction-names.js';
import { type NuScenesSubmissionMeta, writeMeta } from './write-predictions.js';

export interface PanopticPrediction {
  /** [N] class ids, 0 to 16; 0 is no prediction. */
  readonly classes: Uint8Array;
  /** [N] instance numbers from 1 to 999, by class, the same all along a scene; 0 for stuff (classes 11 to 16). */
  readonly instances: ArrayLike<number>;
}

const lastThing = nuscenesLabelSpace.names.indexOf('truck');

/**
 * Writes one key frame's prediction for the Panoptic nuScenes challenge: `panoptic/SET/TOKEN_panoptic.npz`, an array
 * `data` of uint16, class * 1000 + instance per point (eval/panoptic/README.md of the official devkit).
 *
 * @param evaluationSet 'test', 'val', ...
 * @returns the path; `out-of-range` for a class or instance that the challenge does not have.
 */
export const writeNuScenesPanopticPrediction = (
  folder: string,
  evaluationSet: string,
  frame: Pick<Frame, 'id' | 'lidarToken'>,
  { classes, instances }: PanopticPrediction,
): TaskEither<DataError, string> =>
  guard(async () => {
    const path = join(folder, nuscenesPanopticName(frame, evaluationSet, folder));
    if (instances.length !== classes.length)
      return raise(
        dataError(
          'mismatch',
          frame.id,
          'instances',
          `${instances.length}`,
          `${classes.length}, one for each class`,
        ),
      );
    const data = Uint16Array.from(classes, (c, i) => {
      const most = c >= 1 && c <= lastThing ? instancesPerCategory - 1 : 0;
      const instance = instances[i];
      if (c >= nuscenesLabelSpace.names.length)
        raise(dataError('out-of-range', frame.id, `class of point ${i}`, String(c), '0 to 16'));
      if (!(Number.isInteger(instance) && instance >= 0 && instance <= most))
        raise(
          dataError(
            'out-of-range',
            frame.id,
            `instance of point ${i}, class ${c}`,
            String(instance),
            `0 to ${most}`,
          ),
        );
      return c * instancesPerCategory + instance;
    });
    await putFile(path, npzBytes({ data }));
    return path;
  });

export interface PanopticSubmissionMeta extends NuScenesSubmissionMeta {
  readonly task: 'segmentation' | 'tracking';
}

/**
 * Writes `SET/submission.json` beside the panoptic predictions.
 *
 * @param meta default: panoptic segmentation, LiDAR alone at inference.
 */
export const writeNuScenesPanopticSubmission = (
  folder: string,
  evaluationSet: string,
  meta: Partial<PanopticSubmissionMeta> = {},
): TaskEither<DataError, string> => writeMeta(folder, evaluationSet, { task: 'segmentation', ...meta });
