import type { DataError } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { openScribbleKitti } from './kitti/open-scribble-kitti.js';
import { type OpenSemanticKittiOptions, openSemanticKitti } from './kitti/open-semantic-kitti.js';
import { type OpenNuScenesOptions, openNuScenes } from './nuscenes/open-nuscenes.js';
import type { FrameDataset } from './types.js';

/** Which data set to open, as plain data: it can be sent to another thread, or kept in a file. */
export type DatasetDescription =
  | ({ readonly format: 'nuscenes' } & OpenNuScenesOptions)
  | ({ readonly format: 'semantickitti' | 'scribblekitti' } & OpenSemanticKittiOptions);

/** Opens the data set that is described. */
export const openDataset = (description: DatasetDescription): TaskEither<DataError, FrameDataset> => {
  if (description.format === 'nuscenes') return openNuScenes(description);
  return description.format === 'semantickitti'
    ? openSemanticKitti(description)
    : openScribbleKitti(description);
};
