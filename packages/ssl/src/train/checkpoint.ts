import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { assignTensors, loadWeights, saveWeights } from '@nerfseg/backbone';
import { type DataError, dataError } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { type Session, sessionTensors } from './session.js';

/** Losses by name at a step; kept in checkpoints so that a resumed run's history has no gap. */
export interface LossRecord {
  readonly step: number;
  readonly losses: Readonly<Record<string, number>>;
}

const fileOf = (folder: string): string => path.join(folder, 'checkpoint.safetensors');

/** Short digest of everything that a run depends on: a checkpoint of another run is refused, not continued. */
export const fingerprint = (parts: unknown): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);

/** Saves the session after `step` steps, atomically. */
export const saveCheckpoint =
  (
    folder: string,
    session: Session,
    step: number,
    run: string,
    history: readonly LossRecord[],
  ): TaskEither<DataError, void> =>
  async () => {
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      return E.left(
        dataError('unavailable', folder, 'folder', String(error), 'a folder that can be written'),
      );
    }
    return saveWeights(fileOf(folder), sessionTensors(session), {
      step: String(step),
      run,
      history: JSON.stringify(history),
    })();
  };

/** Restores the session in place; returns 0 steps where the folder has no checkpoint yet. */
export const resumeCheckpoint =
  (
    folder: string,
    session: Session,
    run: string,
  ): TaskEither<DataError, { step: number; history: LossRecord[] }> =>
  async () => {
    const file = fileOf(folder);
    if (!existsSync(file)) return E.right({ step: 0, history: [] });
    const loaded = await loadWeights(file)();
    if (E.isLeft(loaded)) return loaded;
    const { metadata, tensors } = loaded.right;
    if (metadata.run !== run)
      return E.left(
        dataError(
          'mismatch',
          file,
          'run',
          `a checkpoint of run ${metadata.run ?? 'unknown'}`,
          `run ${run}: the same data, network, settings and seed`,
          'Choose another folder, or delete this one to start again.',
        ),
      );
    const assigned = assignTensors(sessionTensors(session), tensors, file);
    if (E.isLeft(assigned)) return assigned;
    const step = Number(metadata.step);
    session.optimizer.step.value = step;
    return E.right({ step, history: JSON.parse(metadata.history ?? '[]') as LossRecord[] });
  };
