import type { DataError } from '@nerfseg/geometry';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { openScribbleKitti } from './kitti/open-scribble-kitti.js';
import { type OpenSemanticKittiOptions, openSemanticKitti } from './kitti/open-semantic-kitti.js';
import { type OpenNuScenesOptions, openNuScenes } from './nuscenes/open-nuscenes.js';
import { type Relabelling, relabelled } from './selection/relabelled.js';
import type { FrameDataset } from './types.js';

/** Which data set to open, as plain data: it can be sent to another thread, or kept in a file. */
export type DatasetDescription = (
  | ({ readonly format: 'nuscenes' } & Omit<OpenNuScenesOptions, 'onProgress'>)
  | ({ readonly format: 'semantickitti' | 'scribblekitti' } & OpenSemanticKittiOptions)
) & {
  /** Other classes than the format's own; see `relabelled`. */
  readonly classes?: Relabelling;
};

/**
 * Opens the data set that is described.
 *
 * @throws RangeError for a format that is none: descriptions may come from files.
 */
export const openDataset = (description: DatasetDescription): TE.TaskEither<DataError, FrameDataset> => {
  const { classes } = description;
  const opened = openFormat(description);
  return classes ? TE.Functor.map(opened, (dataset) => relabelled(dataset, classes)) : opened;
};

const openFormat = (description: DatasetDescription): TE.TaskEither<DataError, FrameDataset> => {
  switch (description.format) {
    case 'nuscenes':
      return openNuScenes(description);
    case 'semantickitti':
      return openSemanticKitti(description);
    case 'scribblekitti':
      return openScribbleKitti(description);
    default: {
      const { format } = description as { readonly format: unknown };
      throw new RangeError(`openDataset: ${format} is none of nuscenes, semantickitti, scribblekitti`);
    }
  }
};
