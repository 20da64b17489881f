import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type DataError, dataError, formatError } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { readCheckpoint, type SavedCheckpoint } from './checkpoint.js';

/** The checkpoint after so many steps. */
export const checkpointFile = (folder: string, step: number): string =>
  path.join(folder, `step-${String(step).padStart(7, '0')}.safetensors`);

/** Steps of the checkpoints in a folder, ascending; none where there is no folder. */
export async function listCheckpoints(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name) => {
      const found = /^step-(\d+)\.safetensors$/.exec(name);
      return found ? [Number(found[1])] : [];
    })
    .sort((a, b) => a - b);
}

/**
 * The newest checkpoint that is whole; one that is damaged is passed over, and told of. Undefined where there are none.
 *
 * @returns an error where there are some and all are damaged: to begin anew must be the user's own wish.
 */
export const newestCheckpoint =
  (folder: string, note: (line: string) => void): TaskEither<DataError, SavedCheckpoint | undefined> =>
  async () => {
    const steps = (await listCheckpoints(folder)).reverse();
    for (const [i, step] of steps.entries()) {
      const read = await readCheckpoint(checkpointFile(folder, step))();
      if (E.isRight(read)) {
        if (i > 0) note(`Going on from the checkpoint before it, after ${step} steps.`);
        return read;
      }
      note(`Damaged checkpoint: ${formatError(read.left)}`);
    }
    return steps.length === 0
      ? E.right(undefined)
      : E.left(
          dataError(
            'malformed',
            folder,
            'checkpoints',
            `${steps.length}, all damaged`,
            'one that is whole',
            'Delete the folder to start the run again.',
          ),
        );
  };

/**
 * Removes all checkpoints but the last `keep` and the best one, and what a killed process left half-written.
 *
 * @param newest the one that was just written. Later ones are damaged, the run was put back before them: they take nobody's place.
 */
export async function pruneCheckpoints(
  folder: string,
  newest: number,
  keep: number,
  best: number | undefined,
): Promise<void> {
  const steps = (await listCheckpoints(folder)).filter((step) => step <= newest);
  const old = steps.slice(0, Math.max(0, steps.length - keep)).filter((step) => step !== best);
  const names = await readdir(folder).catch(() => []);
  const parts = names.filter((name) => /^\.step-\d+\.safetensors\..*\.part$/.test(name));
  for (const file of [
    ...old.map((step) => checkpointFile(folder, step)),
    ...parts.map((n) => path.join(folder, n)),
  ])
    await rm(file, { force: true });
}
