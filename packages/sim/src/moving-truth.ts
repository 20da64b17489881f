import { join } from 'node:path';
import { readWholeFile } from '@nerfseg/datasets';
import { writeFileAtomic } from '@nerfseg/files';
import type { DataError } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { map } from 'fp-ts/lib/TaskEither.js';
import { unwrap } from './fault.js';

/** Which sweep: a frame's sequence and timestamp. */
export interface SweepKey {
  readonly sequence: string;
  /** Integer microseconds. */
  readonly timestamp: number;
}

const pathOf = (root: string, { sequence, timestamp }: SweepKey): string =>
  join(root, 'groundtruth', sequence, 'LIDAR', `${timestamp}.moving.bin`);

/** Writes which points of a sweep are of things that move; raises. */
export const writeMovingTruth = async (root: string, key: SweepKey, moving: Uint8Array): Promise<void> => {
  unwrap(await writeFileAtomic(pathOf(root, key), moving)());
};

/**
 * Which points of a simulated sweep are of something that moves at that moment: [N] 1 or 0, in the order of the frame's points. Only of
 * data sets that were simulated with `movingTruth`.
 *
 * @returns `missing-file`, naming the file.
 */
export const readMovingTruth = (root: string, key: SweepKey): TaskEither<DataError, Uint8Array> =>
  map((bytes: Uint8Array) => new Uint8Array(bytes))(readWholeFile(pathOf(root, key)));
