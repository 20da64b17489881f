import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type DataError, dataError } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { guard, raise } from './guard.js';
import { systemCode } from './system-error.js';

/**
 * Writes aside, syncs, renames: a reader sees the old file or the whole new one. Makes the folder. Raises `unavailable`.
 *
 * @param data the content, or its pieces one after the other.
 */
export const putFile = async (
  path: string,
  data: Uint8Array | string | Iterable<Uint8Array>,
): Promise<void> => {
  // Of this call alone, whatever threads and other machines write the same file; cut, since a name may fill what a file system allows.
  const aside = join(dirname(path), `.${basename(path).slice(0, 60)}.${randomUUID()}.part`);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(aside, 'wx');
    try {
      const pieces = typeof data === 'string' || ArrayBuffer.isView(data) ? [data] : data;
      for (const piece of pieces) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (thrown) {
    await rm(aside, { force: true }).catch(() => undefined);
    const code = systemCode(thrown);
    if (code === undefined) throw thrown;
    raise(dataError('unavailable', path, 'path', code, 'a place that can be written'));
  }
};

/**
 * Writes a file so that a reader sees either what was there before or all of the new content: into a temporary
 * file of the same folder, synced to disk, then renamed. Makes missing folders.
 *
 * @returns `unavailable` when the place cannot be written.
 */
export const writeFileAtomic = (path: string, data: Uint8Array | string): TaskEither<DataError, void> =>
  guard(() => putFile(path, data));
