import { existsSync } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { writeFileAtomic } from '@nerfseg/files';
import { type DataError, dataError } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { LossRecord, ValidationRecord } from './record.js';

/** A line of a run's history: a step, or `{ validation }`. */
export type HistoryLine = LossRecord | { readonly validation: ValidationRecord };

const stepOf = (line: HistoryLine): number => ('validation' in line ? line.validation.step : line.step);

/** A file of JSON lines that grows step by step. */
export interface HistoryFile {
  /** The steps that it holds, in order. */
  readonly steps: readonly LossRecord[];
  /** Steps after which the network was validated. */
  readonly validated: ReadonlySet<number>;
  readonly append: (line: HistoryLine) => TaskEither<DataError, void>;
  /** To the disk: before a checkpoint is written that counts on it. */
  readonly flush: () => TaskEither<DataError, void>;
  readonly close: () => Promise<void>;
}

/**
 * Opens the history of a run that goes on after `step` steps. What was told of later steps, and a last line that a
 * killed process left unfinished, is dropped: it will be told again.
 */
export const openHistory =
  (file: string, step: number): TaskEither<DataError, HistoryFile> =>
  async () => {
    let text = '';
    try {
      if (existsSync(file)) text = await readFile(file, 'utf8');
    } catch (error) {
      return E.left(dataError('unreadable', file, 'file', String(error), 'the history of the run'));
    }
    const lines = parseLines(text, step);
    const rewritten = await writeFileAtomic(
      file,
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    )();
    if (E.isLeft(rewritten)) return rewritten;
    const steps = lines.filter((line): line is LossRecord => 'losses' in line);
    const validated = new Set(lines.flatMap((line) => ('validation' in line ? [line.validation.step] : [])));
    const attempt = async (
      work: (handle: FileHandle) => Promise<unknown>,
    ): Promise<E.Either<DataError, void>> => {
      try {
        await work(handle);
        return E.right(undefined);
      } catch (error) {
        return E.left(cannotWrite(file, error));
      }
    };
    let handle: FileHandle;
    try {
      handle = await open(file, 'a');
    } catch (error) {
      return E.left(cannotWrite(file, error));
    }
    return E.right({
      steps,
      validated,
      append: (line) => () => {
        if ('losses' in line) steps.push(line);
        else validated.add(line.validation.step);
        return attempt((to) => to.appendFile(`${JSON.stringify(line)}\n`));
      },
      flush: () => () => attempt((to) => to.sync()),
      close: () => handle.close(),
    });
  };

/** A log that cannot be written, told as the full disk that it usually is. */
export const cannotWrite = (file: string, error: unknown): DataError =>
  dataError(
    'unavailable',
    file,
    'file',
    String(error),
    'room to write',
    'The checkpoints are whole: when there is room, the same run goes on from the last of them.',
  );

function parseLines(text: string, upTo: number): HistoryLine[] {
  const lines: HistoryLine[] = [];
  for (const line of text.split('\n')) {
    try {
      const parsed = JSON.parse(line) as HistoryLine;
      if (stepOf(parsed) <= upTo) lines.push(parsed);
    } catch {
      // The empty rest after the last line, or a line cut short.
    }
  }
  return lines;
}
