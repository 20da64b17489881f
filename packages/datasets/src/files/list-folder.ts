import { statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
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

/** Names of the folders in a folder (or links to such), sorted; raises as `listFolder`. */
export const listFolders = async (path: string): Promise<readonly string[]> => {
  const names = await listFolder(path);
  const are = await Promise.all(
    names.map((name) =>
      stat(join(path, name)).then(
        (it) => it.isDirectory(),
        () => false,
      ),
    ),
  );
  return names.filter((_, i) => are[i]);
};

/** Names in a folder, sorted; none when there is no such folder. Raises `unreadable` for one that cannot be listed. */
export const listFolderIfAny = async (path: string): Promise<readonly string[]> =>
  (await exists(path)) ? listFolder(path) : [];

/** Size of a file in bytes, asked for at once (see `readBytes`); raises `missing-file` or `unreadable`. */
export const fileSize = (path: string): number => {
  try {
    return statSync(path).size;
  } catch (thrown) {
    return raise(systemError(thrown, path, 'a readable file'));
  }
};

/** Whether there is something by this name; raises `unreadable` where that cannot be told (no rights, a loop of links). */
export const exists = async (path: string): Promise<boolean> => {
  try {
    await stat(path);
    return true;
  } catch (thrown) {
    const error = systemError(thrown, path, 'a file or folder');
    return error.code === 'missing-file' ? false : raise(error);
  }
};
