import { join } from 'node:path';
import { poseFromQuaternion } from '@nerfseg/geometry';
import { unwrap } from '../../files/guard.js';
import { egoPoseRow } from '../rows.js';
import { readScannedTable } from '../scan/read-scanned-table.js';
import { rowScanner } from '../scan/row-scanner.js';
import type { TokenTable } from '../scan/token-table.js';

/**
 * Reads those poses of ego_pose.json that are asked for.
 *
 * @returns [n*7] x, y, z, quaternion w, x, y, z by number of the token; NaN for those that are not there.
 */
export const readEgoPoses = async (
  folder: string,
  tokens: TokenTable,
  onBytes: (bytes: number) => void,
): Promise<Float64Array> => {
  const path = join(folder, 'ego_pose.json');
  const poses = new Float64Array(tokens.size() * 7).fill(Number.NaN);
  let index = -1;
  const scanner = rowScanner(
    [
      { name: 'token', kind: 'token' },
      { name: 'translation', kind: 'numbers', count: 3 },
      { name: 'rotation', kind: 'numbers', count: 4 },
    ],
    // Four rows in ten belong to radars.
    () => tokens.find(scanner.words, 0) >= 0,
  );
  const { words, numbers } = scanner;
  await readScannedTable(
    folder,
    'ego_pose',
    egoPoseRow,
    scanner,
    () => {
      index = tokens.find(words, 0);
      if (index < 0) return;
      let norm = 0;
      for (let k = 3; k < 7; k++) norm += numbers[k] * numbers[k];
      // What is far from a rotation is told in poseFromQuaternion's words.
      if (Math.abs(norm - 1) > 1e-3)
        unwrap(
          poseFromQuaternion(
            numbers.subarray(0, 3),
            numbers.subarray(3, 7),
            `${path}: token ${scanner.tokenText('token')}`,
          ),
        );
      for (let k = 0; k < 7; k++) poses[index * 7 + k] = numbers[k];
    },
    onBytes,
  );
  return poses;
};
