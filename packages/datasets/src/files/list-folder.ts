import { readdir, stat } from 'node:fs/promises';
import { raise } from './guard.js';
import { systemError } from './system-error.js';

/** Names in a folder, sorted; raises `missing-file` when it is not there. */
export const listFolder = async (path: string): Promise<readonly string[]> => {
  try {
    return (await readdir(path)).sort();
  } catch (thrown) {
    return raise(systemError(thrown, path, 'a folder'));
  }
};

/** Names in a folder, sorted; none when it is not there. */
export const listFolderIfAny = async (path: string): Promise<readonly string[]> =>
  (await readdir(path).catch(() => [])).sort();

/** Size of a file in bytes; raises `missing-file` or `unreadable`. */
export const fileSize = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).size;
  } catch (thrown) {
    return raise(systemError(thrown, path, 'a readable file'));
  }
};

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
