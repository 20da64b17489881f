import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import type { DataError } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { encodeEvent } from './encode-event.js';
import { cannotWrite } from './history.js';

/** A file that TensorBoard reads: `tensorboard --logdir FOLDER`. */
export interface EventFile {
  readonly scalars: (step: number, values: Readonly<Record<string, number>>) => TaskEither<DataError, void>;
  readonly close: () => Promise<void>;
}

/**
 * Begins an event file in a folder that exists. Each start of a run has a file of its own, whose first event says from
 * which step it goes on: TensorBoard forgets what earlier files told of later steps.
 */
export const openEventFile =
  (folder: string, step: number): TaskEither<DataError, EventFile> =>
  async () => {
    const now = Date.now();
    const seconds = now / 1000;
    // As TensorFlow names them. Padded milliseconds keep two starts within a second apart, and in their order: TensorBoard reads files by name.
    const file = path.join(
      folder,
      `events.out.tfevents.${Math.floor(seconds)}.nerfseg.${String(now % 1000).padStart(3, '0')}`,
    );
    let handle: FileHandle;
    try {
      handle = await open(file, 'a');
      await handle.appendFile(encodeEvent(seconds, 0, { fileVersion: 'brain.Event:2' }));
      await handle.appendFile(encodeEvent(seconds, step + 1, { start: true }));
    } catch (error) {
      return E.left(cannotWrite(file, error));
    }
    return E.right({
      scalars: (at, scalars) => async () => {
        try {
          await handle.appendFile(encodeEvent(Date.now() / 1000, at, { scalars }));
          return E.right(undefined);
        } catch (error) {
          return E.left(cannotWrite(file, error));
        }
      },
      close: () => handle.close(),
    });
  };
