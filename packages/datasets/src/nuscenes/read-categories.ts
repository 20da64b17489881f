import { join } from 'node:path';
import { dataError } from '@nerfseg/geometry';
import { raise } from '../files/guard.js';
import { nuscenesLabelMap } from '../labels/nuscenes.js';
import { readTable } from './read-table.js';
import { categoryRow } from './rows.js';

/** How category.json numbers the official names; empty where it does not (it has no `index` before lidarseg was added). */
export const readCategories = async (
  folder: string,
): Promise<readonly { readonly index: number; readonly name: string }[]> => {
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
  return categories;
};
