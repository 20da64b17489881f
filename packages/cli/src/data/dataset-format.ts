import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';

export const datasetFormats = ['nuscenes', 'semantickitti', 'scribblekitti'] as const;
export type DatasetFormat = (typeof datasetFormats)[number];

/** What lies in a folder; nothing where there is none. */
export const contentOf = (path: string): string[] => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};

/**
 * Which data set a folder holds, by its files: nuScenes has tables in `v1.0-...`, the KITTI ones have
 * `sequences/NN/velodyne`, ScribbleKITTI `scribbles` beside it.
 */
export function recogniseFormat(root: string): Either<DataError, DatasetFormat> {
  if (!existsSync(root))
    return left(dataError('missing-file', root, 'path', 'nothing there', 'the folder of a data set'));
  const content = contentOf(root);
  // lidarseg/ has a v1.0-... folder too, without tables.
  const isVersion = (name: string): boolean =>
    /^v1\.0-/.test(name) && contentOf(join(root, name)).some((file) => file.endsWith('.json'));
  if (content.some(isVersion)) return right('nuscenes');
  const sequences = [join(root, 'sequences'), join(root, 'dataset', 'sequences')].find((path) =>
    existsSync(path),
  );
  const drives = sequences ? contentOf(sequences).map((name) => contentOf(join(sequences, name))) : [];
  if (drives.some((drive) => drive.includes('velodyne')))
    return right(drives.some((drive) => drive.includes('scribbles')) ? 'scribblekitti' : 'semantickitti');
  return left(
    dataError(
      'not-found',
      root,
      'data set',
      content.length === 0 ? 'an empty folder' : content.slice(0, 6).join(', '),
      'v1.0-... (nuScenes) or sequences/NN/velodyne (SemanticKITTI, ScribbleKITTI)',
      'nerfseg simulate makes one.',
    ),
  );
}
