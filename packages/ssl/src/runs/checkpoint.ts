import { createHash } from 'node:crypto';
import {
  assignTensors,
  decodeSafetensors,
  encodeSafetensors,
  type HostTensor,
  hostTensors,
} from '@nerfseg/backbone';
import { writeFileAtomic } from '@nerfseg/files';
import { type DataError, dataError } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { countersOf, restoreCounters } from '../optim/optimizer.js';
import { type Session, sessionTensors } from '../train/session.js';
import { readPieces } from './read-pieces.js';
import type { BestRecord } from './record.js';
import { otherRun, type RunIdentity } from './run-identity.js';

/** What a checkpoint says besides the tensors. */
export interface CheckpointState {
  /** Steps done: the position in the data, too. */
  readonly step: number;
  readonly best?: BestRecord;
}

/** Digest of all tensors, names and bytes: a flipped bit shows. */
function digestOf(tensors: Readonly<Record<string, HostTensor>>): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(tensors).sort()) {
    const { data } = tensors[name]!;
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

/** Digest of what stands beside the tensors, their own digest among it. */
const digestOfText = (texts: Readonly<Record<string, string>>): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex');

/** Saves the session, its optimizer's state and counters, and where it is: whole or not at all. */
export const saveCheckpoint =
  (
    file: string,
    session: Session,
    identity: RunIdentity,
    { step, best }: CheckpointState,
  ): TaskEither<DataError, void> =>
  async () => {
    const tensors = await hostTensors(sessionTensors(session));
    const texts = {
      step: String(step),
      run: JSON.stringify(identity),
      counters: JSON.stringify(countersOf(session.optimizer.state)),
      best: JSON.stringify(best ?? null),
      sha256: digestOf(tensors),
    };
    const bytes = encodeSafetensors(tensors, { ...texts, textSha256: digestOfText(texts) });
    const written = await writeFileAtomic(file, bytes)();
    if (E.isRight(written)) return written;
    const megabytes = (bytes.length / 1e6).toFixed(1);
    return E.left({
      ...written.left,
      expected: `room for ${megabytes} MB`,
      hint: 'The checkpoints before it are whole: when there is room, the same run goes on from the last of them.',
    });
  };

/** What `readCheckpoint` found: whole, and of which run it does not know. */
export interface SavedCheckpoint extends CheckpointState {
  readonly file: string;
  readonly run: unknown;
  readonly counters: readonly Record<string, number>[];
  readonly tensors: Readonly<Record<string, HostTensor>>;
}

const damaged = (file: string, field: string, found: string, expected: string): E.Either<DataError, never> =>
  E.left(dataError('malformed', file, field, found, expected));

/** Reads a checkpoint and checks that it is whole. */
export const readCheckpoint =
  (file: string): TaskEither<DataError, SavedCheckpoint> =>
  async () => {
    let bytes: Uint8Array;
    try {
      bytes = await readPieces(file);
    } catch (error) {
      return E.left(dataError('unreadable', file, 'file', String(error), 'a checkpoint'));
    }
    const decoded = decodeSafetensors(bytes, file);
    if (E.isLeft(decoded)) return decoded;
    const { tensors, metadata } = decoded.right;
    const step = Number(metadata.step);
    if (!Number.isInteger(step) || step < 0 || metadata.sha256 === undefined)
      return damaged(file, 'step', metadata.step ?? 'nothing', 'a checkpoint of a run');
    if (digestOf(tensors) !== metadata.sha256)
      return damaged(
        file,
        'sha256',
        'other bytes',
        `${metadata.sha256.slice(0, 16)}..., as when it was written`,
      );
    const { textSha256, ...texts } = metadata;
    // Absent from checkpoints of before.
    if (textSha256 !== undefined && textSha256 !== digestOfText(texts))
      return damaged(file, '__metadata__', 'other bytes', 'those that were written');
    try {
      const best = JSON.parse(metadata.best ?? 'null') as BestRecord | null;
      return E.right({
        file,
        step,
        run: JSON.parse(metadata.run ?? 'null') as unknown,
        counters: JSON.parse(metadata.counters ?? '[]') as Record<string, number>[],
        tensors,
        ...(best ? { best } : {}),
      });
    } catch {
      return damaged(file, '__metadata__', 'no JSON', 'JSON');
    }
  };

/** Puts a checkpoint into the session; of another run it is refused and nothing is changed. */
export function restoreCheckpoint(
  { file, run, step, counters, tensors }: SavedCheckpoint,
  session: Session,
  identity: RunIdentity,
): E.Either<DataError, void> {
  const problem = otherRun(run, identity, file);
  if (problem) return E.left(problem);
  const assigned = assignTensors(sessionTensors(session), tensors, file);
  if (E.isLeft(assigned)) return assigned;
  if (!restoreCounters(session.optimizer.state, counters))
    return E.left(dataError('mismatch', file, 'counters', 'those of another optimizer', "this run's"));
  session.progress.step = step;
  return E.right(undefined);
}
