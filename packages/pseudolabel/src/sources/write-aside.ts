import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from './error-text.js';

/** Writes a file whole or not at all; {@link writeAside} is one, tests put a failing one in its place. */
export type WriteFile = (file: string, aside: string, bytes: Uint8Array) => Promise<void>;

/**
 * Writes to `aside`, flushes to the disk, renames, flushes the folder: a reader sees the old file or the whole new one,
 * and once this returns the new one outlives a power cut. Makes the file's folder. `aside` is overwritten where it is
 * left over, and removed on failure.
 */
export const writeAside: WriteFile = async (file, aside, bytes) => {
  try {
    const handle = await open(aside, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    try {
      await rename(aside, file);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      await mkdir(path.dirname(file), { recursive: true });
      await rename(aside, file);
    }
    await syncFolder(path.dirname(file));
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw error;
  }
};

/** Not every system can open a folder for this; the file itself is on the disk already. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  if (handle === undefined) return;
  try {
    await handle.sync().catch(() => undefined);
  } finally {
    await handle.close();
  }
}
