import {
  type DatasetDescription,
  type FrameDataset,
  labelFraction,
  readLabelFraction,
} from '@nerfseg/datasets';
import { createRandom, type DataError, dataError, formatError } from '@nerfseg/geometry';
import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import { isNone } from 'fp-ts/lib/Option.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { DatasetFormat } from '../data/dataset-format.js';
import { type DatasetSelection, openDataset } from '../data/open-dataset.js';
import { checkFrames } from '../options/frame-ranges.js';

/** Which frames a run learns from and is scored on. */
export interface RunFrames {
  readonly format: DatasetFormat;
  readonly dataset: FrameDataset;
  /** The data set as plain data: threads open it again. */
  readonly description: DatasetDescription;
  readonly labelled: readonly number[];
  readonly unlabelled: readonly number[];
  /** Frames to score, of a data set of their own; absent where there are none. */
  readonly validation?: { readonly dataset: FrameDataset; readonly frames: readonly number[] };
  readonly notes: readonly string[];
}

export interface FrameFlags {
  readonly labelled?: number;
  readonly labelsList?: string;
  readonly labelledFrames?: readonly number[];
  readonly unlabelledFrames?: readonly number[];
  readonly valFrames?: readonly number[];
}

const every = (length: number): number[] => Array.from({ length }, (_, i) => i);

/**
 * Explicit frames are numbers in the data set as selected (all of it by default). Otherwise the official splits are
 * used: of 'train' a published list or a share keeps its labels, 'val' is scored.
 */
export const chooseFrames = (
  root: string,
  selection: DatasetSelection,
  flags: FrameFlags,
  seed: number,
): TaskEither<DataError, RunFrames> =>
  flags.labelledFrames
    ? explicit(root, selection, flags.labelledFrames, flags)
    : bySplit(root, selection, flags, seed);

const explicit =
  (
    root: string,
    selection: DatasetSelection,
    labelledFrames: readonly number[],
    flags: FrameFlags,
  ): TaskEither<DataError, RunFrames> =>
  async () => {
    const opened = await openDataset(root, selection)();
    if (isLeft(opened)) return opened;
    const { dataset, format, description } = opened.right;
    const labelled = checkFrames(labelledFrames, dataset, '--labelled-frames');
    if (isLeft(labelled)) return labelled;
    const unlabelled = checkFrames(flags.unlabelledFrames ?? [], dataset, '--unlabelled-frames');
    if (isLeft(unlabelled)) return unlabelled;
    const scored = checkFrames(flags.valFrames ?? [], dataset, '--val-frames');
    if (isLeft(scored)) return scored;
    const truth = await haveLabels(dataset, scored.right)();
    if (isLeft(truth)) return truth;
    const validation = { dataset, frames: scored.right };
    return right({
      format,
      dataset,
      description,
      labelled: labelled.right,
      unlabelled: unlabelled.right,
      ...(scored.right.length > 0 ? { validation } : {}),
      notes: learnedByHeart(dataset, labelled.right, validation),
    });
  };

const bySplit =
  (
    root: string,
    selection: DatasetSelection,
    flags: FrameFlags,
    seed: number,
  ): TaskEither<DataError, RunFrames> =>
  async () => {
    const opened = await openDataset(root, { split: 'train', ...selection })();
    if (isLeft(opened)) return opened;
    const { dataset, format, description } = opened.right;
    const notes: string[] = [];
    let labelled: readonly number[];
    let unlabelled: readonly number[];
    if (flags.labelsList) {
      const listed = await readLabelFraction(flags.labelsList, dataset, { absent: 'skip' })();
      if (isLeft(listed)) return listed;
      ({ labelled, unlabelled } = listed.right);
      if (listed.right.absent > 0)
        notes.push(`${listed.right.absent} listed frames are not in ${dataset.name}`);
    } else {
      const share = labelFraction(dataset, flags.labelled ?? 1, createRandom(seed).fork('label fraction'));
      ({ labelled, unlabelled } = share);
    }
    const { sequences: _, ...rest } = selection;
    const scored = await openDataset(root, { ...rest, split: 'val' })();
    const truth = isLeft(scored)
      ? scored
      : await haveLabels(scored.right.dataset, every(scored.right.dataset.length))();
    if (isLeft(truth)) {
      // A data set may have no such split, or keep its labels to itself; damage is another matter.
      if (!isLeft(scored) && truth.left.code !== 'not-found') return truth;
      notes.push(`nothing to score: ${formatError(truth.left)}`);
    }
    const validation =
      isLeft(scored) || isLeft(truth)
        ? undefined
        : { dataset: scored.right.dataset, frames: every(scored.right.dataset.length) };
    if (validation) notes.push(...learnedByHeart(dataset, labelled, validation));
    return right({
      format,
      dataset,
      description,
      labelled,
      unlabelled,
      ...(validation ? { validation } : {}),
      notes,
    });
  };

/** Says how many frames are scored whose labels are learned from: by a split or sequences that overlap 'val', say. */
const learnedByHeart = (
  dataset: FrameDataset,
  labelled: readonly number[],
  scored: NonNullable<RunFrames['validation']>,
): string[] => {
  const ids = new Set(labelled.map((index) => dataset.frame(index).id));
  const both = scored.frames.filter((index) => ids.has(scored.dataset.frame(index).id)).length;
  return both === 0
    ? []
    : [
        `${both} of the ${scored.frames.length} frames to score are learned from with their labels, too: scores will flatter`,
      ];
};

/** The first and the last of some frames in each drive: where labels are missing, they are missing there. */
const endsOfDrives = (dataset: FrameDataset, frames: readonly number[]): readonly number[] => {
  const ends = new Map<string, [first: number, last: number]>();
  for (const index of frames) {
    const { sequence } = dataset.frame(index);
    const [first] = ends.get(sequence) ?? [index];
    ends.set(sequence, [first, index]);
  }
  return [...new Set([...ends.values()].flat())];
};

/** Whether frames can be scored: told now, not after the training. */
const haveLabels =
  (dataset: FrameDataset, frames: readonly number[]): TaskEither<DataError, void> =>
  async () => {
    for (const index of endsOfDrives(dataset, frames)) {
      const frame = dataset.frame(index);
      const labels = await frame.labels()();
      if (isLeft(labels)) return labels;
      if (isNone(labels.right))
        return left(dataError('not-found', frame.id, 'labels', 'none', 'labels, to score by'));
    }
    return right(undefined);
  };
