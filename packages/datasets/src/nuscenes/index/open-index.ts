import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { dataError } from '@nerfseg/geometry';
import { isLeft } from 'fp-ts/lib/Either.js';
import { cacheFolder } from '../../files/cache-folder.js';
import { guard, raise } from '../../files/guard.js';
import { buildIndex, type IndexProgress } from './build-index.js';
import { type LoadedIndex, loadBuilt, readIndex, type WantedParts, writeIndex } from './index-file.js';
import { stampTables, type TableStamp } from './table-stamp.js';

/** Where the index of the tables is kept. */
export interface IndexOptions {
  /**
   * 'auto' (default): on disk where the tables have 64 MB or more, in memory otherwise, which takes less than a second.
   * 'disk' and 'memory' say so themselves.
   */
  readonly index?: 'auto' | 'disk' | 'memory';
  /**
   * The folder that the index is kept in. Default: beside the tables, as `.nerfseg-index`; where that cannot be written,
   * in `$NERFSEG_CACHE/nuscenes` or else in `nerfseg/nuscenes` of the user's cache folder; where that cannot be written
   * either, in memory.
   */
  readonly indexFolder?: string;
  /** Told while tables are read: bytes of all tables, and how many of them are done. */
  readonly onProgress?: (progress: { readonly bytes: number; readonly totalBytes: number }) => void;
}

const worthADiskIndex = 64e6;

const indexPlaces = async (folder: string, indexFolder: string | undefined): Promise<readonly string[]> => {
  const name = `${createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
    .slice(0, 32)}.index`;
  if (indexFolder !== undefined) return [join(indexFolder, name)];
  return [join(folder, '.nerfseg-index'), join(cacheFolder(), 'nuscenes', name)];
};

/** The index of a folder of tables, from disk or newly made. Raises what is wrong with the tables. */
export const openIndex = async (
  folder: string,
  wanted: WantedParts,
  { index = 'auto', indexFolder, onProgress }: IndexOptions,
): Promise<LoadedIndex> => {
  const stamp = await stampTables(folder);
  const onDisk = index === 'disk' || (index === 'auto' && stamp.bytes >= worthADiskIndex);
  const places = onDisk && stamp.bytes > 0 ? await indexPlaces(folder, indexFolder) : [];
  for (const place of places) {
    const found = await readIndex(place, stamp.stamp, wanted);
    if (found) return found;
  }
  const built = await buildIndex(folder, stamp.stamp, progressOf(stamp, onProgress));
  if ((await stampTables(folder)).stamp !== stamp.stamp)
    raise(
      dataError('mismatch', folder, 'tables', 'a table that changed while it was read', 'tables at rest'),
    );
  for (const place of places) {
    // The next place is tried where one cannot be written; the last resort is memory, which is no error.
    if (!isLeft(await guard(() => writeIndex(place, built))())) break;
  }
  return loadBuilt(built, wanted);
};

const progressOf =
  ({ bytes: totalBytes, sizes }: TableStamp, onProgress: IndexOptions['onProgress']) =>
  ({ table, bytes }: IndexProgress): void =>
    onProgress?.({
      bytes: bytes + (table === 'ego_pose' ? totalBytes - sizes.ego_pose : 0),
      totalBytes,
    });
