import { dataError } from '@nerfseg/geometry';
import { raise } from '../files/guard.js';
import type { Frame } from '../types.js';

/**
 * Where SemanticKITTI's benchmarks want a scan's prediction, relative to the submission. Ids come from files: one that
 * is not of digits could lead elsewhere, and raises `mismatch`.
 */
export const kittiPredictionName = ({ id }: Pick<Frame, 'id'>, source: string): string => {
  const [, sequence, scan] =
    /^(\d+)\/(\d+)$/.exec(id) ??
    raise(dataError('mismatch', source, 'frame id', id, 'sequence/scan, a frame of SemanticKITTI'));
  return `sequences/${sequence}/predictions/${scan}.label`;
};

const plainName = (name: string | undefined, source: string, field: string, expected: string): string =>
  name !== undefined && /^\w[\w-]*$/.test(name)
    ? name
    : raise(dataError('mismatch', source, field, name ?? 'nothing', expected));

const sweepToken = "a sweep's token, as frames of nuScenes have";
const setNames = "'test', 'val', 'train', ...";

/** Where the nuScenes-lidarseg challenge wants a key frame's prediction; raises as `kittiPredictionName`. */
export const nuscenesPredictionName = (
  { lidarToken }: Pick<Frame, 'id' | 'lidarToken'>,
  evaluationSet: string,
  source: string,
): string => {
  const token = plainName(lidarToken, source, 'lidarToken', sweepToken);
  return `${nuscenesPredictionFolder(evaluationSet, source)}/${token}_lidarseg.bin`;
};

/** The same for Panoptic nuScenes. */
export const nuscenesPanopticName = (
  { lidarToken }: Pick<Frame, 'id' | 'lidarToken'>,
  evaluationSet: string,
  source: string,
): string => {
  const token = plainName(lidarToken, source, 'lidarToken', sweepToken);
  return `panoptic/${plainName(evaluationSet, source, 'evaluation set', setNames)}/${token}_panoptic.npz`;
};

/** The folder of a set's predictions. */
export const nuscenesPredictionFolder = (evaluationSet: string, source: string): string =>
  `lidarseg/${plainName(evaluationSet, source, 'evaluation set', setNames)}`;

/** Where the challenge wants to be told which inputs a method uses. */
export const nuscenesMetaName = (evaluationSet: string, source: string): string =>
  `${plainName(evaluationSet, source, 'evaluation set', setNames)}/submission.json`;
