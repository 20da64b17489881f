import { join } from 'node:path';
import { exists } from '../../files/list-folder.js';
import { checkInside } from '../../files/relative-path.js';
import { labelFileRow } from '../rows.js';
import { readScannedTable } from '../scan/read-scanned-table.js';
import { rowScanner } from '../scan/row-scanner.js';
import { tokenTable } from '../scan/token-table.js';
import type { BytePool } from './byte-pool.js';
import { noFile } from './layout.js';
import { namePattern, sampleName, withoutToken } from './name-pattern.js';

/** The label file of a sweep, by the four words of its token: row of the pool, or `noFile`. */
export type LabelFiles = (words: Uint32Array, at: number) => number;

/** Reads lidarseg.json or panoptic.json, where it is there. */
export const readLabelFiles = async (
  folder: string,
  table: 'lidarseg' | 'panoptic',
  pool: BytePool,
): Promise<LabelFiles> => {
  if (!(await exists(join(folder, `${table}.json`)))) return () => noFile;
  const tokens = tokenTable();
  const files: number[] = [];
  const pattern = namePattern();
  const scanner = rowScanner([
    { name: 'sample_data_token', kind: 'token' },
    { name: 'filename', kind: 'text' },
  ]);
  await readScannedTable(folder, table, labelFileRow, scanner, () => {
    withoutToken(pattern, scanner.bytes, scanner.ranges[0], scanner.ranges[1], scanner.words, 0);
    files[tokens.add(scanner.words, 0)] = addName(pool, pattern, join(folder, `${table}.json`), () =>
      scanner.tokenText('sample_data_token'),
    );
  });
  return (words, at) => files[tokens.find(words, at)] ?? noFile;
};

/** The row of a name in the pool, where a new one is checked; raises `out-of-range`. */
export const addName = (
  pool: BytePool,
  pattern: ReturnType<typeof namePattern>,
  table: string,
  token: () => string,
): number => {
  const before = pool.size();
  const file = pool.add(pattern.bytes, pattern.length);
  if (pattern.impossible || pool.size() > before)
    checkInside(pattern.impossible ? '\0' : sampleName(pool.text(file)), table, `token ${token()}, filename`);
  return file;
};
