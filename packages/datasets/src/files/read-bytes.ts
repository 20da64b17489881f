import { readFile } from 'node:fs/promises';
import { raise } from './guard.js';
import { systemError } from './system-error.js';

/** The whole file; raises `missing-file` or `unreadable`. */
export const readBytes = async (path: string): Promise<Uint8Array> => {
  try {
    const buffer = await readFile(path);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  } catch (thrown) {
    return raise(systemError(thrown, path, 'a readable file'));
  }
};

/** The whole file as UTF-8 text. */
export const readText = async (path: string): Promise<string> =>
  new TextDecoder().decode(await readBytes(path));
