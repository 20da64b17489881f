import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { raise } from '../../files/guard.js';
import { exists } from '../../files/list-folder.js';
import { openFile } from '../../files/open-file.js';
import { systemError } from '../../files/system-error.js';

/** The tables that an index is made of. */
const tables = [
  'sensor',
  'calibrated_sensor',
  'scene',
  'sample',
  'sample_data',
  'category',
  'lidarseg',
  'panoptic',
  'ego_pose',
];
const sampledBytes = 4096;
const samples = 8;

export interface TableStamp {
  /** Equal as long as no table was changed. */
  readonly stamp: string;
  /** Bytes of all tables. */
  readonly bytes: number;
  readonly sizes: Readonly<Record<string, number>>;
}

/**
 * Size, time of change and some of the content (8 blocks of 4 KiB, first and last included) of every table: copying a
 * data set with its times keeps an index valid, and no ordinary change keeps the stamp. The path is no part of it.
 */
export const stampTables = async (folder: string): Promise<TableStamp> => {
  const hash = createHash('sha256');
  const sizes: Record<string, number> = {};
  let bytes = 0;
  for (const table of tables) {
    const path = join(folder, `${table}.json`);
    // What is missing and needed is told when it is read.
    if (!(await exists(path))) {
      hash.update(`${table} none\n`);
      continue;
    }
    const file = await openFile(path, 'a readable table');
    try {
      const { size, mtimeNs } = await file.stat({ bigint: true });
      hash.update(`${table} ${size} ${mtimeNs}\n`);
      sizes[table] = Number(size);
      bytes += sizes[table];
      const block = new Uint8Array(sampledBytes);
      const last = Math.max(0, sizes[table] - sampledBytes);
      for (let s = 0; s < samples; s++) {
        const { bytesRead } = await file.read(block, 0, sampledBytes, Math.floor((last * s) / (samples - 1)));
        hash.update(block.subarray(0, bytesRead));
        if (last === 0) break;
      }
    } catch (thrown) {
      raise(systemError(thrown, path, 'a readable table'));
    } finally {
      await file.close();
    }
  }
  return { stamp: hash.digest('hex'), bytes, sizes };
};
