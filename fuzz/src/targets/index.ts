import type { FuzzTarget } from '../types.js';
import { kittiText, scribbleKitti, semanticKitti } from './kitti.js';
import { kittiList, nuscenesList } from './lists.js';
import { nuscenes, nuscenesIndex, nuscenesPanoptic, nuscenesTables } from './nuscenes.js';
import { groundTruth, pictures } from './pictures.js';
import { kittiSubmission, nuscenesSubmission, zippedSubmission } from './submissions.js';
import { weights } from './weights.js';

/** Everything that is damaged; case n takes the n-th, over and over. Another file type is another entry. */
export const targets: readonly FuzzTarget[] = [
  nuscenes,
  nuscenesTables,
  nuscenesIndex,
  nuscenesPanoptic,
  semanticKitti,
  kittiText,
  scribbleKitti,
  nuscenesList,
  kittiList,
  kittiSubmission,
  nuscenesSubmission,
  zippedSubmission,
  pictures,
  groundTruth,
  weights,
];
