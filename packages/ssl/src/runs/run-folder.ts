import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { DataError } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Session } from '../train/session.js';
import { restoreCheckpoint, saveCheckpoint } from './checkpoint.js';
import { checkpointFile, newestCheckpoint, pruneCheckpoints } from './checkpoint-folder.js';
import { type ClaimRunOptions, claimRun } from './claim-run.js';
import { openEventFile } from './event-file.js';
import { cannotWrite, openHistory } from './history.js';
import type { BestRecord, LossRecord, ValidationRecord } from './record.js';
import type { RunIdentity } from './run-identity.js';

/** What a run keeps as it goes. */
export interface RunRecords {
  /** Steps that are done, of which `history` tells. */
  readonly step: number;
  readonly best?: BestRecord;
  readonly history: readonly LossRecord[];
  /** Steps after which the network was validated. */
  readonly validated: ReadonlySet<number>;
  readonly tell: (record: LossRecord) => TaskEither<DataError, void>;
  readonly tellValidation: (record: ValidationRecord) => TaskEither<DataError, void>;
  readonly checkpoint: (step: number, best: BestRecord | undefined) => TaskEither<DataError, void>;
  readonly close: () => Promise<void>;
}

/** Keeps the history in memory alone: a run without a folder. */
export const recordsInMemory = (): RunRecords => {
  const history: LossRecord[] = [];
  const nothing = () => async () => E.right(undefined);
  return {
    step: 0,
    history,
    validated: new Set(),
    tell: (record) => async () => {
      history.push(record);
      return E.right(undefined);
    },
    tellValidation: nothing,
    checkpoint: nothing,
    close: async () => {},
  };
};

export interface RunFolderOptions extends ClaimRunOptions {
  /** How many of the last checkpoints are kept. */
  readonly keep: number;
}

/**
 * Opens a run's folder: `checkpoints/`, `history.jsonl` and TensorBoard's event files. Where it holds part of the same
 * run the session is put to where that was; of another run it is refused, as is one that another process is at work on.
 */
export const openRunFolder =
  (
    folder: string,
    session: Session,
    identity: RunIdentity,
    options: RunFolderOptions,
  ): TaskEither<DataError, RunRecords> =>
  async () => {
    const checkpoints = path.join(folder, 'checkpoints');
    let release: () => Promise<void>;
    try {
      await mkdir(checkpoints, { recursive: true });
      const claimed = await claimRun(folder, options)();
      if (E.isLeft(claimed)) return claimed;
      release = claimed.right;
    } catch (error) {
      return E.left(cannotWrite(checkpoints, error));
    }
    const opened = await openClaimed(folder, checkpoints, session, identity, options)();
    if (E.isLeft(opened)) {
      await release();
      return opened;
    }
    return E.right({ ...opened.right, close: () => opened.right.close().finally(release) });
  };

const openClaimed =
  (
    folder: string,
    checkpoints: string,
    session: Session,
    identity: RunIdentity,
    { keep, note }: RunFolderOptions,
  ): TaskEither<DataError, RunRecords> =>
  async () => {
    try {
      // What a killed process left half-written.
      for (const name of await readdir(folder))
        if (/^\..+\.part$/.test(name)) await rm(path.join(folder, name), { force: true });
    } catch (error) {
      return E.left(cannotWrite(checkpoints, error));
    }
    const newest = await newestCheckpoint(checkpoints, note)();
    if (E.isLeft(newest)) return newest;
    const saved = newest.right;
    if (saved) {
      const restored = restoreCheckpoint(saved, session, identity);
      if (E.isLeft(restored)) return restored;
    }
    const step = saved?.step ?? 0;
    const opened = await openHistory(path.join(folder, 'history.jsonl'), step)();
    if (E.isLeft(opened)) return opened;
    const history = opened.right;
    const events = await openEventFile(folder, step)();
    if (E.isLeft(events)) {
      await history.close();
      return events;
    }
    const { scalars } = events.right;
    const both = (first: TaskEither<DataError, void>, second: TaskEither<DataError, void>) => async () => {
      const told = await first();
      return E.isLeft(told) ? told : second();
    };
    return E.right({
      step,
      ...(saved?.best ? { best: saved.best } : {}),
      history: history.steps,
      validated: history.validated,
      tell: (record) => both(history.append(record), scalars(record.step, scalarsOf(record))),
      tellValidation: (validation) =>
        both(
          history.append({ validation }),
          scalars(validation.step, {
            'validation/point mIoU': validation.pointMiou,
            'validation/voxel mIoU': validation.voxelMiou,
          }),
        ),
      checkpoint: (at, best) => async () => {
        const flushed = await history.flush()();
        if (E.isLeft(flushed)) return flushed;
        const state = { step: at, ...(best ? { best } : {}) };
        const written = await saveCheckpoint(checkpointFile(checkpoints, at), session, identity, state)();
        if (E.isRight(written)) await pruneCheckpoints(checkpoints, at, keep, best?.step);
        return written;
      },
      close: async () => {
        await history.close();
        await events.right.close();
      },
    });
  };

const scalarsOf = ({ losses, learningRate, seconds }: LossRecord): Record<string, number> => ({
  ...prefixed('loss', losses),
  'optimizer/learning rate': learningRate,
  ...prefixed('seconds', seconds),
});

const prefixed = (prefix: string, values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}/${name}`, value]));
