import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '@nerfseg/files';
import { type DataError, dataError } from '@nerfseg/geometry';
import { openPromise } from 'yauzl';
import { crc32 } from '../files/crc32.js';
import { isRaised, raise } from '../files/guard.js';
import { fileSize, listFolderIfAny } from '../files/list-folder.js';
import { regularSize } from '../files/open-file.js';
import { readBytes } from '../files/read-bytes.js';
import { systemError } from '../files/system-error.js';

/** The files of a submission, whether it is a folder or a zip of one. Names are relative, with slashes. */
export interface SubmissionFiles {
  /** Names of what is in a folder of it; none where there is no such folder. */
  readonly list: (folder: string) => Promise<ReadonlySet<string>>;
  /** Size in bytes; raises `missing-file`. */
  readonly size: (name: string) => Promise<number>;
  /** The content, which must have the size that was asked for before; raises. */
  readonly read: (name: string, size: number) => Promise<Uint8Array>;
  readonly close: () => void;
}

/** Opens a folder or a zip; raises `missing-file`, or `malformed` for a file that is no zip. */
export const openSubmissionFiles = async (path: string): Promise<SubmissionFiles> => {
  try {
    if ((await stat(path)).isDirectory()) return folderFiles(path);
    regularSize(path, 'the folder of a submission, or a zip of it');
    return await zipFiles(path);
  } catch (thrown) {
    return raise(systemError(thrown, path, 'the folder of a submission, or a zip of it'));
  }
};

const folderFiles = (root: string): SubmissionFiles => ({
  list: async (folder) => new Set(await listFolderIfAny(join(root, folder))),
  size: async (name) => fileSize(join(root, name)),
  read: (name, size) => readBytes(join(root, name), size),
  close: () => {},
});

const zipFiles = async (path: string): Promise<SubmissionFiles> => {
  const told =
    (name: string) =>
    (thrown: unknown): never =>
      raise(zipError(thrown, path, name));
  // Names that lead out of the zip (absolute, '..') are refused by yauzl; nothing is unpacked to the disk anyway.
  const zip = await openPromise(path, { autoClose: false }).catch(told('zip'));
  const entries = new Map<string, Entry>();
  const folders = new Map<string, Set<string>>();
  try {
    for await (const entry of zip.eachEntry()) {
      // bsdtar packs a folder that it is given as '.' so.
      const name = entry.fileName.replace(/^(\.\/)+/, '');
      if (name.endsWith('/') || name === '') continue;
      if (entries.has(name)) raise(dataError('malformed', path, name, 'twice in the zip', 'once'));
      entries.set(name, entry);
      addParents(folders, name);
    }
  } catch (thrown) {
    zip.close();
    return told('entries')(thrown);
  }
  const entryOf = (name: string): Entry =>
    entries.get(name) ?? raise(dataError('missing-file', path, name, 'nothing there', 'a file in the zip'));
  return {
    list: async (folder) => folders.get(folder) ?? new Set(),
    size: async (name) => entryOf(name).uncompressedSize,
    read: async (name, size) => {
      const bytes = new Uint8Array(size);
      let at = 0;
      try {
        // yauzl ends the stream with an error when there is more or less than the entry says.
        for await (const chunk of await zip.openReadStreamPromise(entryOf(name))) {
          const part = chunk as Uint8Array;
          if (at + part.length > size) break;
          bytes.set(part, at);
          at += part.length;
        }
      } catch (thrown) {
        return told(name)(thrown);
      }
      if (at !== size) raise(dataError('truncated', path, name, `${at} bytes`, `${size} bytes`));
      if (crc32(bytes) !== entryOf(name).crc32 >>> 0)
        raise(dataError('malformed', path, name, 'another checksum', 'the bytes that were packed'));
      return bytes;
    },
    close: () => zip.close(),
  };
};

/** What reading a zip threw, as a DataError; what no file can be blamed for is thrown on. */
const zipError = (thrown: unknown, path: string, name: string): DataError => {
  if (isRaised(thrown)) throw thrown;
  const code = systemCode(thrown);
  // yauzl says in plain Errors what is wrong with a zip, zlib in codes of its own; the system's codes are of the file.
  if (code !== undefined && !code.startsWith('Z_')) return systemError(thrown, path, 'a readable file');
  const { name: kind, message } = thrown as Error;
  if (kind !== 'Error') throw thrown;
  return dataError('malformed', path, name, message, 'a whole zip of a submission');
};

type Entry = Parameters<Awaited<ReturnType<typeof openPromise>>['openReadStreamPromise']>[0];

const addParents = (folders: Map<string, Set<string>>, name: string): void => {
  const parts = name.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const folder = parts.slice(0, depth - 1).join('/');
    const names = folders.get(folder) ?? new Set<string>();
    folders.set(folder, names.add(parts[depth - 1]));
  }
};
