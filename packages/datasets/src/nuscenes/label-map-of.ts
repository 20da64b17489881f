import { join } from 'node:path';
import { dataError } from '@nerfseg/geometry';
import { raise } from '../files/guard.js';
import { nuscenesLabelMap, nuscenesRawLabels } from '../labels/nuscenes.js';
import type { RawLabelMap } from '../labels/raw-label-map.js';
import { readTable } from './read-table.js';
import { categoryRow } from './rows.js';

/**
 * The label map of a data set: as category.json numbers the official names, or the official numbers where that
 * table has none (it has no `index` before lidarseg was added).
 */
export const labelMapOf = async (folder: string): Promise<RawLabelMap> => {
  const categories: { index: number; name: string }[] = [];
  await readTable(folder, 'category', categoryRow, ({ token, name, index }) => {
    if (index === undefined) return;
    if (!nuscenesLabelMap([{ index, name }]))
      raise(
        dataError(
          'out-of-range',
          join(folder, 'category.json'),
          `token ${token}, name`,
          name,
          'one of the 32 categories of nuScenes-lidarseg',
        ),
      );
    categories.push({ index, name });
  });
  return categories.length > 0 ? nuscenesLabelMap(categories)! : nuscenesRawLabels;
};
