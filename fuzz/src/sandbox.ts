import { chmodSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { filesIn, read } from './bytes.js';
import type { FuzzTarget } from './types.js';

/** A target's sound files, in a folder of their own, with something beside it that must not be read. */
export interface Sandbox {
  readonly root: string;
  /** Paths in the root that are to be damaged. */
  readonly files: readonly string[];
  readonly digest: string;
  /** Makes a damaged file, and what is around it, sound again. */
  readonly restore: (file: string) => void;
}

export const makeSandbox = async (base: string, target: FuzzTarget): Promise<Sandbox> => {
  const root = path.join(base, 'root');
  mkdirSync(path.join(base, 'outside'), { recursive: true });
  mkdirSync(root);
  writeFileSync(path.join(base, 'outside', 'secret'), new Uint8Array(480));
  await target.make(root);
  const content = new Map(filesIn(root).map((file) => [file, read(path.join(root, file))]));
  const sound = await target.open(root);
  if (sound.errors.length > 0)
    throw new Error(`${target.name}: ${sound.errors[0]} before anything is damaged`);
  const files = [...content.keys()].filter((file) => !target.damages || target.damages.test(file));
  if (files.length === 0) throw new Error(`${target.name}: nothing to damage`);

  const put = (file: string): void => {
    const at = path.join(root, file);
    const bytes = content.get(file) ?? new Uint8Array(0);
    mkdirSync(path.dirname(at), { recursive: true });
    rmSync(at, { recursive: true, force: true });
    writeFileSync(at, bytes);
  };
  const restore = (file: string): void => {
    const folder = path.dirname(path.join(root, file));
    const isFolder = lstatSync(folder, { throwIfNoEntry: false })?.isDirectory();
    if (isFolder) chmodSync(folder, 0o755);
    else rmSync(folder, { force: true });
    rmSync(path.join(root, `${file}.moved`), { force: true });
    if (isFolder) put(file);
    // The folder was away with all that was in it.
    else for (const other of content.keys()) if (other.startsWith(`${path.dirname(file)}/`)) put(other);
  };
  return { root, files, digest: sound.digest, restore };
};
