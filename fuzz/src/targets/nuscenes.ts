import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openNuScenes, writeNuScenes } from '@nerfseg/datasets';
import { endReading, readDataset, startReading, taken } from '../read-all.js';
import type { FuzzTarget, Reading } from '../types.js';
import { numPoints, smallScene, sound } from './scene.js';
import { npyOf, zipOf } from './zip.js';

const make = async (root: string): Promise<void> => {
  const scenes = ['scene-0001', 'scene-0061'].map((name) => smallScene(name, 17, ['CAM_FRONT', 'CAM_BACK']));
  await sound(writeNuScenes(root, scenes));
};

const open =
  (index: 'memory' | 'disk') =>
  async (root: string): Promise<Reading> => {
    const notes = startReading();
    const dataset = taken(notes, await openNuScenes({ root, keyframesOnly: false, index })());
    if (dataset) await readDataset(notes, dataset);
    return endReading(notes);
  };

/** Tables, sweeps, lidarseg, pictures. */
export const nuscenes: FuzzTarget = { name: 'nuScenes', make, open: open('memory') };

/** The tables alone: most of the files above are pictures. */
export const nuscenesTables: FuzzTarget = { ...nuscenes, name: 'nuScenes tables', damages: /\.json$/ };

/** The index of the tables: whatever is wrong with it, the data set opens as before. */
export const nuscenesIndex: FuzzTarget = {
  name: 'nuScenes index',
  make: async (root) => {
    await make(root);
    await open('disk')(root);
  },
  damages: /\.nerfseg-index/,
  open: open('disk'),
  heals: true,
};

/** Panoptic labels: the table and the .npz files, in place of lidarseg's. */
export const nuscenesPanoptic: FuzzTarget = {
  name: 'nuScenes panoptic',
  make: async (root) => {
    await make(root);
    const tables = path.join(root, 'v1.0-mini');
    const rows: { sample_data_token: string }[] = JSON.parse(
      await readFile(path.join(tables, 'lidarseg.json'), 'utf8'),
    );
    await mkdir(path.join(root, 'panoptic/v1.0-mini'), { recursive: true });
    const panoptic = rows.map(({ sample_data_token: token }) => ({
      token,
      sample_data_token: token,
      filename: `panoptic/v1.0-mini/${token}_panoptic.npz`,
    }));
    for (const { filename } of panoptic) {
      const values = Uint16Array.from({ length: numPoints }, (_, i) => (1 + (i % 30)) * 1000 + (i % 5));
      await writeFile(path.join(root, filename), zipOf({ 'data.npy': npyOf(values) }));
    }
    await writeFile(path.join(tables, 'panoptic.json'), JSON.stringify(panoptic));
    await writeFile(path.join(tables, 'lidarseg.json'), '[]');
    if ((await readdir(path.join(root, 'panoptic/v1.0-mini'))).length !== 4)
      throw new Error('no panoptic labels');
  },
  damages: /panoptic|category/,
  open: open('memory'),
};
