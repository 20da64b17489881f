import { closeSync, openSync, read } from 'node:fs';
import { promisify } from 'node:util';
import { dataError } from '@nerfseg/geometry';
import { raise } from './guard.js';
import { regularSize } from './open-file.js';
import { systemError } from './system-error.js';

/** Most bytes of a file that is read as a whole, where nothing smaller is known: it bounds what is allocated. */
const largest = 2 ** 30;

/**
 * The whole file; raises `missing-file`, `unreadable` (also for what is no file: a folder, a pipe, a device), or
 * `out-of-range` for more than `limit` bytes, before anything is allocated.
 *
 * Only the reading itself is left to another thread. Looking, opening and closing take microseconds, less than the turn
 * of the event loop that each would cost: and where scans are fed, a turn lasts as long as another scan's computation.
 */
export const readBytes = (path: string, limit = largest): Promise<Uint8Array> =>
  readInto(path, limit, (size) => new Uint8Array(size));

/** Buffers that `withBytes` has done with, for its next calls; several reads may be under way at once. */
const idle: Uint8Array[] = [];
/** Bytes beyond which, and number of buffers beyond which, they are not kept. */
const [largestIdle, mostIdle] = [2 ** 24, 4];

/**
 * As `readBytes`, for a content that is decoded at once: `use` must not keep the bytes, which the next file may be
 * read into. They begin at a multiple of 8 bytes.
 */
export const withBytes = async <A>(
  path: string,
  limit: number,
  use: (bytes: Uint8Array) => A,
): Promise<A> => {
  let buffer: Uint8Array | undefined;
  const bytes = await readInto(path, limit, (size) => {
    const found = idle.findIndex(({ length }) => length >= size);
    buffer = found >= 0 ? idle.splice(found, 1)[0] : new Uint8Array(size);
    return buffer.subarray(0, size);
  });
  try {
    return use(bytes);
  } finally {
    if (buffer && buffer.length <= largestIdle && idle.length < mostIdle) idle.push(buffer);
  }
};

const readSome = promisify(read);

const readInto = async (
  path: string,
  limit: number,
  allocate: (size: number) => Uint8Array,
): Promise<Uint8Array> => {
  let file: number | undefined;
  try {
    const size = regularSize(path);
    if (size > limit)
      raise(dataError('out-of-range', path, 'size', `${size} bytes`, `at most ${limit} bytes`));
    file = openSync(path, 'r');
    // One allocation and, as a rule, one read: readFile goes by half megabytes.
    const bytes = allocate(size);
    let at = 0;
    while (at < size) {
      const { bytesRead } = await readSome(file, bytes, at, size - at, at);
      if (bytesRead === 0)
        raise(dataError('truncated', path, 'size', `${at} bytes`, `${size} bytes, as the folder says`));
      at += bytesRead;
    }
    return bytes;
  } catch (thrown) {
    return raise(systemError(thrown, path, 'a readable file'));
  } finally {
    if (file !== undefined) closeSync(file);
  }
};

/** Most bytes of a text file: a hundred times the longest table of times, poses or frames. */
const largestText = 2 ** 26;

/** The whole file as UTF-8 text. */
export const readText = async (path: string): Promise<string> =>
  new TextDecoder().decode(await readBytes(path, largestText));
