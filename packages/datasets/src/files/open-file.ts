import { statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dataError } from '@nerfseg/geometry';
import { raise } from './guard.js';
import { systemError } from './system-error.js';

/** Size of a regular file, asked for at once (see `readBytes`); raises `missing-file`, or `unreadable`, also for what is no file: a folder, a pipe, a device. */
export const regularSize = (path: string, expected = 'a readable file'): number => {
  try {
    const found = statSync(path);
    return found.isFile()
      ? found.size
      : raise(dataError('unreadable', path, 'path', 'no regular file', expected));
  } catch (thrown) {
    return raise(systemError(thrown, path, expected));
  }
};

/** Opens a regular file to read it. Asked what it is before, since opening a pipe would wait for its other end. Raises. */
export const openFile = async (path: string, expected?: string): Promise<FileHandle> => {
  regularSize(path, expected);
  try {
    return await open(path, 'r');
  } catch (thrown) {
    return raise(systemError(thrown, path, expected ?? 'a readable file'));
  }
};
