import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What stands in a file's place; each gets a path at which the sound file is. */
export const fileMutations: Readonly<Record<string, (file: string) => void>> = {
  missing: (file) => rmSync(file),
  'folder missing': (file) => rmSync(path.dirname(file), { recursive: true }),
  'a folder in its place': (file) => {
    rmSync(file);
    mkdirSync(file);
  },
  'a file in its folder’s place': (file) => {
    rmSync(path.dirname(file), { recursive: true });
    writeFileSync(path.dirname(file), 'no folder');
  },
  'a pipe in its place': (file) => {
    rmSync(file);
    execFileSync('mkfifo', [file]);
  },
  'a link to itself': (file) => {
    rmSync(file);
    symlinkSync(path.basename(file), file);
  },
  'its folder a link to itself': (file) => {
    const folder = path.dirname(file);
    rmSync(folder, { recursive: true });
    symlinkSync(path.basename(folder), folder);
  },
  'a link to nowhere': (file) => {
    rmSync(file);
    symlinkSync('nowhere', file);
  },
  'an endless device': (file) => {
    rmSync(file);
    symlinkSync('/dev/zero', file);
  },
  'a device that blocks': (file) => {
    rmSync(file);
    symlinkSync('/dev/random', file);
  },
  'a link to another file': (file) => {
    renameSync(file, `${file}.moved`);
    symlinkSync(`${path.basename(file)}.moved`, file);
  },
  unreadable: (file) => chmodSync(file, 0),
  'an unreadable folder': (file) => chmodSync(path.dirname(file), 0),
  'a sparse file of 3 GB': (file) => truncateSync(file, 3e9),
  'a sparse file of 60 GB': (file) => truncateSync(file, 60e9),
};

/** Whether damage is to the folder, and so to all that is in it. */
export const hitsFolder = (mutation: string): boolean =>
  /folder missing|its folder|unreadable folder/.test(mutation);
