import { join } from 'node:path';
import { type DataError, dataError } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { guard, raise } from '../files/guard.js';
import { exists, listFolder } from '../files/list-folder.js';
import { refuseRepeated } from '../files/refuse-repeated.js';
import { type KittiTask, semanticKittiLabels } from '../labels/semantic-kitti.js';
import { type KittiSplit, kittiSequences } from '../splits/kitti.js';
import type { FrameDataset } from '../types.js';
import { kittiFrame } from './frame.js';
import { type KittiCamera, type KittiSequence, readSequence } from './sequence.js';

export interface OpenSemanticKittiOptions {
  /** The folder with `sequences/`, or with `dataset/sequences/`. */
  readonly root: string;
  /** Official split; of its sequences those that are there, at least one. Default 'all': every one that is there. */
  readonly split?: KittiSplit | 'all';
  /** Sequences by name ('00'), in place of a split; each must be there, and be named once. */
  readonly sequences?: readonly string[];
  /**
   * Default: image_2, or image_3 where there is no image_2; sequences without pictures have no cameras. What is named
   * must be there.
   */
  readonly camera?: KittiCamera | 'both';
  /** Which benchmark's classes: 19 (default), or 25 where what moves has classes of its own. */
  readonly task?: KittiTask;
  /** Default 'labels'. A scan without a file in it is unlabelled. */
  readonly labelsFolder?: string;
  /** Name of the file of camera-0 poses. Default: poses.txt, poses_gt_cam0.txt or `../poses/NN.txt`, the first that is there. */
  readonly poses?: string;
}

/**
 * Opens SemanticKITTI: the scans of KITTI odometry with per-point labels. A frame's id is `sequence/scan`
 * ('00/000010'). `globalFromLidar` is relative to the first pose's scanner; without a pose file it is the identity.
 *
 * @returns an error that names the file, the row or key, what was found and what was expected.
 */
export const openSemanticKitti = (options: OpenSemanticKittiOptions): TaskEither<DataError, FrameDataset> =>
  guard(() => openKitti('SemanticKITTI', options, () => options.labelsFolder ?? 'labels'));

/** As `openSemanticKitti`, with the folder of labels chosen per sequence; raises. */
export const openKitti = async (
  name: string,
  options: OpenSemanticKittiOptions,
  labelsFolderOf: (sequence: string) => string,
): Promise<FrameDataset> => {
  const { root, split = 'all', camera, poses, task = 'single-scan' } = options;
  const { labelSpace, rawLabels } = semanticKittiLabels[task];
  const folder = (await exists(join(root, 'sequences')))
    ? join(root, 'sequences')
    : join(root, 'dataset', 'sequences');
  const present = (await listFolder((await exists(folder)) ? folder : join(root, 'sequences'))).filter((f) =>
    /^\d+$/.test(f),
  );
  const wanted = options.sequences ?? (split === 'all' ? present : kittiSequences(split));
  const names = wanted.filter((sequence) => options.sequences || present.includes(sequence));
  if (names.length === 0)
    raise(
      dataError(
        'empty',
        folder,
        'sequences',
        present.join(', ') || 'none',
        `at least one of ${wanted.join(', ') || '00, 01, ...'}`,
      ),
    );
  const sequences: KittiSequence[] = [];
  const seen = new Set<string>();
  for (const sequence of names) {
    refuseRepeated(seen, sequence, folder, 'sequences');
    const labelsFolder = labelsFolderOf(sequence);
    sequences.push(await readSequence(folder, sequence, { camera, labelsFolder, rawLabels, poses }));
  }
  const { labelsFolder } = options;
  if (labelsFolder !== undefined && sequences.every((sequence) => sequence.labelled.size === 0))
    raise(
      dataError(
        'missing-file',
        folder,
        `NN/${labelsFolder}`,
        'no label file',
        'labels in at least one sequence',
      ),
    );
  // Where each sequence's frames begin: a frame costs nothing until it is asked for.
  const starts = sequences.map(() => 0);
  for (let s = 1; s < starts.length; s++) starts[s] = starts[s - 1] + sequences[s - 1].scans.length;
  const length = starts[starts.length - 1] + sequences[sequences.length - 1].scans.length;
  return {
    name: `${name} ${options.sequences?.join(' ') ?? split}`,
    labelSpace,
    length,
    frame: (i) => {
      if (!(Number.isInteger(i) && i >= 0 && i < length)) throw new RangeError(`frame ${i} of ${length}`);
      const s = starts.findLastIndex((start) => start <= i);
      return kittiFrame(sequences[s], i - starts[s]);
    },
  };
};
