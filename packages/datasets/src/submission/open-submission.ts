import { type DataError, dataError } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { guard, raise } from '../files/guard.js';
import { labelWords } from '../kitti/read-label-file.js';
import { nuscenesLabelSpace } from '../labels/nuscenes.js';
import { mapRawWords, type RawLabelMap } from '../labels/raw-label-map.js';
import { semanticKittiLabels } from '../labels/semantic-kitti.js';
import type { Frame, FrameDataset } from '../types.js';
import { kittiPredictionName, nuscenesPredictionFolder, nuscenesPredictionName } from './prediction-names.js';
import { checkNuScenesMeta } from './read-meta.js';
import { openSubmissionFiles, type SubmissionFiles } from './submission-files.js';
import type { NuScenesSubmissionMeta } from './write-predictions.js';

/** A benchmark submission, opened: it has a prediction for every frame of the data set that it was opened for. */
export interface Submission {
  /** The folder or zip. */
  readonly path: string;
  /** Predictions beside those that were asked for, in the same folders. */
  readonly extra: number;
  /** nuScenes: the set that it is for, and which inputs the method uses. */
  readonly evaluationSet?: string;
  readonly meta?: NuScenesSubmissionMeta;
  /**
   * The predicted classes of a frame, [points]; `mismatch` when they are not as many, `out-of-range` for an id that the
   * benchmark does not know.
   */
  readonly prediction: (frame: Frame, points: number) => TaskEither<DataError, Uint8Array>;
  readonly close: () => void;
}

export interface OpenSubmissionOptions {
  /** nuScenes: which set of the submission. Default: the only one in it. */
  readonly evaluationSet?: string;
}

/**
 * Opens a submission to SemanticKITTI's or nuScenes-lidarseg's benchmark, as a folder or a zip, and checks that it is
 * complete. The format follows from the data set's label space. Close it when done.
 *
 * @returns `mismatch` for a data set of other classes (see `relabelled`), `missing-file` for a frame without prediction (with how many there are), `malformed` for a damaged zip or
 * submission.json.
 */
export const openSubmission = (
  path: string,
  dataset: FrameDataset,
  options: OpenSubmissionOptions = {},
): TaskEither<DataError, Submission> =>
  guard(async () => {
    const kitti = Object.values(semanticKittiLabels).find(
      ({ labelSpace }) => labelSpace.name === dataset.labelSpace.name,
    );
    const { labelSpace } = dataset;
    if (!kitti && labelSpace.name !== nuscenesLabelSpace.name)
      raise(
        dataError(
          'mismatch',
          dataset.name,
          'label space',
          labelSpace.name,
          "SemanticKITTI's or nuScenes-lidarseg's own classes: a benchmark's submissions have no others",
        ),
      );
    const files = await openSubmissionFiles(path);
    try {
      return kitti
        ? await openKitti(path, files, dataset, kitti.rawLabels)
        : await openNuScenesLidarseg(path, files, dataset, options.evaluationSet);
    } catch (thrown) {
      files.close();
      throw thrown;
    }
  });

const openKitti = async (
  path: string,
  files: SubmissionFiles,
  dataset: FrameDataset,
  rawLabels: RawLabelMap,
): Promise<Submission> => {
  const nameOf = (frame: Frame): string => kittiPredictionName(frame, path);
  return {
    path,
    extra: await checkComplete(path, files, dataset, nameOf, /\.label$/),
    prediction: (frame, points) =>
      guard(async () => {
        const name = nameOf(frame);
        const bytes = await readSized(path, files, name, points, 4);
        return mapRawWords(labelWords(bytes), rawLabels, `${path}: ${name}`);
      }),
    close: files.close,
  };
};

const openNuScenesLidarseg = async (
  path: string,
  files: SubmissionFiles,
  dataset: FrameDataset,
  asked: string | undefined,
): Promise<Submission> => {
  // Not .DS_Store and its like, which archives and file managers leave.
  const sets = [...(await files.list('lidarseg'))].filter((name) => !name.startsWith('.'));
  if (asked === undefined && sets.length !== 1)
    raise(
      dataError(
        sets.length === 0 ? 'missing-file' : 'mismatch',
        path,
        'lidarseg/',
        sets.join(', ') || 'nothing there',
        'the folder of one evaluation set',
        'A zip must hold lidarseg/ itself, not a folder around it.',
      ),
    );
  const evaluationSet = asked ?? sets[0];
  const nameOf = (frame: Frame): string => nuscenesPredictionName(frame, evaluationSet, path);
  nuscenesPredictionFolder(evaluationSet, path);
  const extra = await checkComplete(path, files, dataset, nameOf, /_lidarseg\.bin$/);
  const last = nuscenesLabelSpace.names.length - 1;
  return {
    path,
    extra,
    evaluationSet,
    meta: await checkNuScenesMeta(path, files, evaluationSet),
    prediction: (frame, points) =>
      guard(async () => {
        const name = nameOf(frame);
        const classes = await readSized(path, files, name, points, 1);
        const bad = classes.findIndex((c) => c < 1 || c > last);
        if (bad >= 0)
          raise(
            dataError(
              'out-of-range',
              `${path}: ${name}`,
              `prediction of point ${bad}`,
              String(classes[bad]),
              `1 to ${last}`,
            ),
          );
        return classes;
      }),
    close: files.close,
  };
};

/** Every frame has its file; returns how many files beside them belong to no frame. */
const checkComplete = async (
  path: string,
  files: SubmissionFiles,
  dataset: FrameDataset,
  nameOf: (frame: Frame) => string,
  predictions: RegExp,
): Promise<number> => {
  const folders = new Map<string, ReadonlySet<string>>();
  const wanted = new Set<string>();
  let missing = 0;
  let first: string | undefined;
  for (let i = 0; i < dataset.length; i++) {
    const name = nameOf(dataset.frame(i));
    const cut = name.lastIndexOf('/');
    const folder = name.slice(0, cut);
    const present = folders.get(folder) ?? (await files.list(folder));
    folders.set(folder, present);
    wanted.add(name);
    if (present.has(name.slice(cut + 1))) continue;
    first ??= name;
    missing++;
  }
  if (first !== undefined)
    raise(
      dataError(
        'missing-file',
        path,
        first,
        `nothing there, nor for ${missing - 1} more of ${dataset.length} frames`,
        `a prediction for every frame of ${dataset.name}`,
      ),
    );
  let extra = 0;
  for (const [folder, present] of folders)
    for (const name of present) if (predictions.test(name) && !wanted.has(`${folder}/${name}`)) extra++;
  return extra;
};

/** A prediction's bytes, of the right size before they are read. */
const readSized = async (
  path: string,
  files: SubmissionFiles,
  name: string,
  points: number,
  bytesPerPoint: number,
): Promise<Uint8Array> => {
  const size = await files.size(name);
  if (size !== points * bytesPerPoint)
    raise(
      dataError(
        'mismatch',
        `${path}: ${name}`,
        'predictions',
        `${size} bytes, ${size / bytesPerPoint} predictions`,
        `${points * bytesPerPoint} bytes, one prediction for each of ${points} points`,
      ),
    );
  return files.read(name, size);
};
