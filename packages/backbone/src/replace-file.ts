/** Writes bytes beside `path`, flushes them to the disk and renames: readers see the old file or the new one, never half of it. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const [{ open, rename, rm }, { basename, dirname, join }, { randomUUID }] = await Promise.all([
    import('node:fs/promises'),
    import('node:path'),
    import('node:crypto'),
  ]);
  // Of this call alone: saves of one path may overlap, in threads and in machines that share a disk. Cut: a name may fill what a file system allows.
  const aside = join(dirname(path), `.${basename(path).slice(0, 60)}.${randomUUID()}.part`);
  try {
    const file = await open(aside, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}
