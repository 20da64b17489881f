import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from './system-code.js';

/** What a file is to hold: bytes, text, or pieces of bytes one after the other. */
export type FileContent = Uint8Array | string | Iterable<Uint8Array>;

/**
 * Writes to `aside`, flushes to the disk, renames, flushes the folder: a reader sees the old file or the whole new one,
 * and once this returns the new one outlives a power cut. Makes the file's folder, not that of `aside`, which must be of the same file system;
 * `aside` is overwritten where it is left over, and removed on failure. Fails as the file system does.
 */
export const writeAside = async (file: string, aside: string, content: FileContent): Promise<void> => {
  try {
    const handle = await open(aside, 'w');
    try {
      const pieces = typeof content === 'string' || ArrayBuffer.isView(content) ? [content] : content;
      for (const piece of pieces) await handle.writeFile(piece);
      await handle.sync();
    } finally {
      await handle.close();
    }
    try {
      await rename(aside, file);
    } catch (thrown) {
      if (systemCode(thrown) !== 'ENOENT') throw thrown;
      await mkdir(dirname(file), { recursive: true });
      await rename(aside, file);
    }
    await syncFolder(dirname(file));
  } catch (thrown) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw thrown;
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
