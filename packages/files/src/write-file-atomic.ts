import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type DataError, dataError } from '@nerfseg/geometry';
import { left, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { systemCode } from './system-code.js';
import { type FileContent, writeAside } from './write-aside.js';

/**
 * Writes a file so that a reader sees either what was there before or all of the new content: into a temporary file of the
 * same folder, synced to disk, then renamed. Makes missing folders. A process killed in between leaves a file `.<name>.<uuid>.part`.
 *
 * @returns `unavailable` when the place cannot be written.
 */
export const writeFileAtomic =
  (path: string, content: FileContent): TaskEither<DataError, void> =>
  async () => {
    // Of this call alone, whatever threads and other machines write the same file; cut, since a name may fill what a file system allows.
    const aside = join(dirname(path), `.${basename(path).slice(0, 60)}.${randomUUID()}.part`);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeAside(path, aside, content);
      return right(undefined);
    } catch (thrown) {
      const code = systemCode(thrown);
      if (code === undefined) throw thrown;
      return left(dataError('unavailable', path, 'path', code, 'a place that can be written'));
    }
  };
