import {
  type DatasetDescription,
  type FrameDataset,
  type KittiCamera,
  type KittiSplit,
  type KittiTask,
  kittiSequences,
  type NuScenesSplit,
  nuscenesScenes,
  openDataset as openDescribed,
} from '@nerfseg/datasets';
import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { contentOf, type DatasetFormat, recogniseFormat } from './dataset-format.js';

/** Which part of a data set to open; unset: everything, recognised by its files. */
export interface DatasetSelection {
  readonly format?: DatasetFormat;
  /** 'all' (default), 'train', 'val', 'test', and nuScenes' 'mini_train' and 'mini_val'. */
  readonly split?: string;
  /** nuScenes: the folder of tables. */
  readonly version?: string;
  /** Sequences ('00') or scenes ('scene-0061'), in place of a split. */
  readonly sequences?: readonly string[];
  /** KITTI: 'image_2', 'image_3' or both of them. */
  readonly camera?: KittiCamera | 'both';
  /** KITTI: which benchmark's classes. */
  readonly task?: KittiTask;
  /** KITTI: the folder of labels. */
  readonly labelsFolder?: string;
}

export interface OpenedDataset {
  readonly root: string;
  readonly format: DatasetFormat;
  readonly dataset: FrameDataset;
  /** The same again as plain data: for threads. */
  readonly description: DatasetDescription;
}

const kittiSplits: readonly (KittiSplit | 'all')[] = ['all', 'train', 'val', 'test'];
const nuscenesSplits: readonly (NuScenesSplit | 'all')[] = [
  'all',
  'train',
  'val',
  'test',
  'mini_train',
  'mini_val',
];

/** Opens a folder as the data set that it is. */
export const openDataset =
  (root: string, selection: DatasetSelection): TaskEither<DataError, OpenedDataset> =>
  async () => {
    const found = selection.format
      ? { _tag: 'Right' as const, right: selection.format }
      : recogniseFormat(root);
    if (isLeft(found)) return found;
    const format = found.right;
    const foreign = optionOfOthers(format, selection);
    if (foreign) return left(foreign);
    const description = format === 'nuscenes' ? nuscenes(root, selection) : kitti(root, format, selection);
    if (isLeft(description)) return description;
    const opened = await openDescribed(description.right)();
    return map((dataset: FrameDataset) => ({ root, format, dataset, description: description.right }))(
      opened,
    );
  };

/** What was chosen and says nothing about this format: nobody chooses what is to be ignored. */
const optionOfOthers = (format: DatasetFormat, selection: DatasetSelection): DataError | undefined => {
  const isNuScenes = format === 'nuscenes';
  const others = isNuScenes
    ? ([
        ['--camera', selection.camera],
        ['--task', selection.task],
        ['--labels-folder', selection.labelsFolder],
      ] as const)
    : ([['--tables', selection.version]] as const);
  const [option, value] = others.find(([, given]) => given !== undefined) ?? [];
  return option === undefined
    ? undefined
    : foreignOption(
        'nerfseg',
        option,
        value,
        format,
        isNuScenes ? 'semantickitti or scribblekitti' : 'nuscenes',
      );
};

/** An option that says nothing about this format. */
export const foreignOption = (
  source: string,
  option: string,
  value: string | undefined,
  format: DatasetFormat,
  itsFormats: string,
): DataError =>
  dataError('mismatch', source, option, `${value}, for a data set of format ${format}`, itsFormats);

const nuscenes = (
  root: string,
  { split = 'all', version, sequences }: DatasetSelection,
): Either<DataError, DatasetDescription> => {
  const wanted = nuscenesSplits.find((name) => name === split);
  if (wanted === undefined) return left(noSplit(split, nuscenesSplits));
  return right({
    format: 'nuscenes',
    root,
    split: miniSplit(root, wanted, version),
    ...(version === undefined ? {} : { version }),
    ...(sequences === undefined ? {} : { scenes: sequences }),
  });
};

/** v1.0-mini has splits of its own: 'train' means its eight scenes, two of which the full data set has in 'val'. */
const miniSplit = (root: string, split: NuScenesSplit | 'all', version?: string): NuScenesSplit | 'all' => {
  if (split !== 'train' && split !== 'val') return split;
  const tables = version ?? contentOf(root).find((name) => /^v1\.0-/.test(name));
  return tables === 'v1.0-mini' ? `mini_${split}` : split;
};

const kitti = (
  root: string,
  format: 'semantickitti' | 'scribblekitti',
  { split = 'all', sequences, camera, task, labelsFolder }: DatasetSelection,
): Either<DataError, DatasetDescription> => {
  const wanted = kittiSplits.find((name) => name === split);
  if (wanted === undefined) return left(noSplit(split, kittiSplits));
  return right({
    format,
    root,
    split: wanted,
    ...(sequences === undefined ? {} : { sequences }),
    ...(camera === undefined ? {} : { camera }),
    ...(task === undefined ? {} : { task }),
    ...(labelsFolder === undefined ? {} : { labelsFolder }),
  });
};

const noSplit = (found: string, splits: readonly string[]): DataError =>
  dataError('not-found', 'nerfseg', '--split', found, splits.join(', '));

/** Whether a sequence or scene is in the official validation split of its format. */
export const isValidation = (format: DatasetFormat, sequence: string): boolean =>
  format === 'nuscenes' ? nuscenesScenes('val').includes(sequence) : kittiSequences('val').includes(sequence);

/** The axis of the format's LiDAR frame that points ahead. */
export const forwardAxis = (format: DatasetFormat): 'x' | 'y' => (format === 'nuscenes' ? 'y' : 'x');
