import { join } from 'node:path';
import { formatError } from '@nerfseg/geometry';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { contentOf, type DatasetFormat, recogniseFormat } from '../data/dataset-format.js';
import { openDataset } from '../data/open-dataset.js';

/** A folder that holds, or should hold, a data set. */
export interface FoundDataset {
  readonly path: string;
  readonly format?: DatasetFormat;
  readonly frames?: number;
  /** Pictures of the first frame. */
  readonly cameras?: number;
  readonly problem?: string;
}

/** Opens the data sets among these folders and their direct subfolders. */
export async function findDatasets(paths: readonly string[]): Promise<FoundDataset[]> {
  const found: FoundDataset[] = [];
  for (const path of paths) {
    const folders = [path, ...contentOf(path).map((name) => join(path, name))];
    const datasets = folders.filter((folder) => isRight(recogniseFormat(folder)));
    for (const folder of datasets) found.push(await describe(folder));
    const recognised = recogniseFormat(path);
    if (datasets.length === 0 && isLeft(recognised))
      found.push({ path, problem: formatError(recognised.left) });
  }
  return found;
}

async function describe(path: string): Promise<FoundDataset> {
  const opened = await openDataset(path, {})();
  if (isLeft(opened)) return { path, problem: formatError(opened.left) };
  const { dataset, format } = opened.right;
  return { path, format, frames: dataset.length, cameras: dataset.frame(0).cameras.length };
}
