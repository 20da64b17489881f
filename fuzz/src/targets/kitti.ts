import {
  openScribbleKitti,
  openSemanticKitti,
  writeScribbleKitti,
  writeSemanticKitti,
} from '@nerfseg/datasets';
import { endReading, readDataset, startReading, taken } from '../read-all.js';
import type { FuzzTarget } from '../types.js';
import { smallScene, sound } from './scene.js';

export const semanticKitti: FuzzTarget = {
  name: 'SemanticKITTI',
  make: async (root) => {
    const scenes = ['00', '08'].map((name) => smallScene(name, 20, ['image_2']));
    await sound(writeSemanticKitti(root, scenes));
  },
  open: async (root) => {
    const notes = startReading();
    const dataset = taken(notes, await openSemanticKitti({ root })());
    if (dataset) await readDataset(notes, dataset);
    return endReading(notes);
  },
};

/** Calibration, times and poses alone: most of the files above are scans and pictures. */
export const kittiText: FuzzTarget = {
  ...semanticKitti,
  name: 'KITTI calib, times, poses',
  damages: /\.txt$/,
};

export const scribbleKitti: FuzzTarget = {
  name: 'ScribbleKITTI',
  make: async (root) => {
    await sound(writeScribbleKitti(root, [smallScene('01', 20, ['image_2'])]));
  },
  damages: /scribbles|labels|velodyne/,
  open: async (root) => {
    const notes = startReading();
    const dataset = taken(notes, await openScribbleKitti({ root })());
    if (dataset) await readDataset(notes, dataset);
    return endReading(notes);
  },
};
