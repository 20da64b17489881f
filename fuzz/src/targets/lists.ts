import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type FrameDataset, openNuScenes, openSemanticKitti, readLabelFraction } from '@nerfseg/datasets';
import { endReading, must, startReading, taken } from '../read-all.js';
import type { FuzzTarget } from '../types.js';
import { semanticKitti } from './kitti.js';
import { nuscenes } from './nuscenes.js';
import { opensOnce, sound } from './scene.js';

const lists = (
  name: string,
  base: FuzzTarget,
  dataset: (root: string) => Promise<FrameDataset>,
  entry: (id: string) => string,
): FuzzTarget => ({
  name,
  make: async (root) => {
    await base.make(path.join(root, 'data'));
    const { length, frame } = await dataset(path.join(root, 'data'));
    const ids = Array.from({ length }, (_, i) => entry(frame(i).id));
    await mkdir(path.join(root, 'lists'));
    await writeFile(path.join(root, 'lists/list.txt'), `${ids.slice(0, 3).join('\n')}\n`);
  },
  damages: /list\.txt$/,
  open: async (root) => {
    const notes = startReading();
    const all = await dataset(path.join(root, 'data'));
    const read = taken(notes, await readLabelFraction(path.join(root, 'lists/list.txt'), all)());
    if (read) {
      must(read.labelled.length > 0, 'no labelled frames');
      must(read.labelled.length + read.unlabelled.length === all.length, 'frames lost');
    }
    return endReading(notes);
  },
});

export const nuscenesList = lists(
  'split list, nuScenes',
  nuscenes,
  opensOnce((root) => sound(openNuScenes({ root, index: 'memory' }))),
  (id) => id,
);
export const kittiList = lists(
  'split list, SemanticKITTI',
  semanticKitti,
  opensOnce((root) => sound(openSemanticKitti({ root }))),
  (id) => `/data/sequences/${id.replace('/', '/velodyne/')}.bin`,
);
