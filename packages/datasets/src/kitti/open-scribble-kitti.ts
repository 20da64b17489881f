import type { DataError } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { guard } from '../files/guard.js';
import { kittiSequences } from '../splits/kitti.js';
import type { FrameDataset } from '../types.js';
import { type OpenSemanticKittiOptions, openKitti } from './open-semantic-kitti.js';

/** Where ScribbleKITTI keeps a sequence's labels: only training sequences are scribbled, validation is on full labels. */
export const scribbleLabelsFolder = (sequence: string): string =>
  kittiSequences('val').includes(sequence) ? 'labels' : 'scribbles';

/**
 * Opens ScribbleKITTI: SemanticKITTI's scans with `scribbles/` in place of `labels/` (8 % of the points labelled,
 * 0 elsewhere). The validation sequence 08 keeps its full `labels/`, as in the benchmark.
 */
export const openScribbleKitti = (options: OpenSemanticKittiOptions): TaskEither<DataError, FrameDataset> =>
  guard(() =>
    openKitti('ScribbleKITTI', options, (sequence) => options.labelsFolder ?? scribbleLabelsFolder(sequence)),
  );
