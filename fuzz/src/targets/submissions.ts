import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type FrameDataset,
  openNuScenes,
  openSemanticKitti,
  openSubmission,
  scoreSubmission,
  writeNuScenesPrediction,
  writeNuScenesSubmission,
  writeSemanticKittiPrediction,
} from '@nerfseg/datasets';
import { filesIn, read } from '../bytes.js';
import { endReading, must, startReading, taken } from '../read-all.js';
import type { FuzzTarget } from '../types.js';
import { semanticKitti } from './kitti.js';
import { nuscenes } from './nuscenes.js';
import { numPoints, opensOnce, sound } from './scene.js';
import { zipOf } from './zip.js';

const kittiData = opensOnce((root) => sound(openSemanticKitti({ root: path.join(root, 'data') })));
const nuscenesData = opensOnce((root) =>
  sound(openNuScenes({ root: path.join(root, 'data'), index: 'memory' })),
);
const classes = new Uint8Array(numPoints).fill(3);

const makeKitti = async (root: string): Promise<void> => {
  await semanticKitti.make(path.join(root, 'data'));
  const { length, frame } = await kittiData(root);
  for (let i = 0; i < length; i++)
    await sound(writeSemanticKittiPrediction(path.join(root, 'submission'), frame(i), classes));
};

const open = (data: (root: string) => Promise<FrameDataset>, name: string) => async (root: string) => {
  const notes = startReading();
  const dataset = await data(root);
  const submission = taken(notes, await openSubmission(path.join(root, name), dataset)());
  if (!submission) return endReading(notes);
  const scored = taken(notes, await scoreSubmission(submission, dataset)());
  submission.close();
  if (scored) must(scored.scores.miou >= 0 && scored.scores.miou <= 1, `mIoU ${scored.scores.miou}`);
  return endReading(notes);
};

export const kittiSubmission: FuzzTarget = {
  name: 'submission, SemanticKITTI',
  make: makeKitti,
  damages: /^submission/,
  open: open(kittiData, 'submission'),
};

export const zippedSubmission: FuzzTarget = {
  name: 'submission, zip',
  make: async (root) => {
    await makeKitti(root);
    const folder = path.join(root, 'submission');
    const files: Record<string, Uint8Array> = {};
    for (const file of filesIn(folder)) files[file] = read(path.join(folder, file));
    await mkdir(path.join(root, 'zip'));
    await writeFile(path.join(root, 'zip/submission.zip'), zipOf(files));
  },
  damages: /\.zip$/,
  open: open(kittiData, 'zip/submission.zip'),
};

export const nuscenesSubmission: FuzzTarget = {
  name: 'submission, nuScenes',
  make: async (root) => {
    await nuscenes.make(path.join(root, 'data'));
    const folder = path.join(root, 'submission');
    const { length, frame } = await nuscenesData(root);
    for (let i = 0; i < length; i++) await sound(writeNuScenesPrediction(folder, 'val', frame(i), classes));
    await sound(writeNuScenesSubmission(folder, 'val'));
  },
  damages: /^submission/,
  open: open(nuscenesData, 'submission'),
};
