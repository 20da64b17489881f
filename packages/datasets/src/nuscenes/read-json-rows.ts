import { dataError } from '@nerfseg/geometry';
import { raise } from '../files/guard.js';
import { openFile } from '../files/open-file.js';
import { systemError } from '../files/system-error.js';

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
// No row of any table comes near: what does is no table, and is not gathered in memory without end.
const longestRow = 1 << 26;

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

export interface ReadJsonRowsOptions {
  /**
   * Tried first on every row, where it begins: reads it and returns the place after it, or returns 0 for the row to be
   * parsed and given to `onRow`. The bytes end with a zero.
   */
  readonly take?: (bytes: Uint8Array, start: number) => number;
  /** Told after every chunk how many bytes were read so far. */
  readonly onBytes?: (bytes: number) => void;
  /** Bytes read at a time. Default 4 MiB. */
  readonly chunkBytes?: number;
}

/**
 * Reads a JSON file that is an array of objects, one object at a time: what is held is two chunks and one object,
 * however large the file (nuScenes' sample_data.json passes the longest string that Node can hold). The next chunk is
 * read while this one is parsed. Raises.
 */
export const readJsonRows = async (
  path: string,
  onRow: (row: unknown, index: number) => void,
  options: ReadJsonRowsOptions = {},
): Promise<void> => {
  const { take, onBytes } = options;
  const file = await openFile(path, 'a table: a JSON array of objects');
  // Most tables are small: they need no large buffers.
  const chunkBytes = options.chunkBytes ?? Math.min(1 << 22, Math.max(1 << 12, (await file.stat()).size));
  // The bytes at hand are bytes[at, filled); the current object began at `start`.
  let bytes = new Uint8Array(chunkBytes + 1);
  let start = 0;
  let at = 0;
  let filled = 0;
  // 0 outside of the array, 1 between rows, 2 in a row, 3 and more in what a row holds.
  let depth = 0;
  let done = false;
  let inString = false;
  let escaped = false;
  let index = 0;
  const malformed = (found: string): never =>
    raise(dataError('malformed', path, `row ${index}`, found, 'a JSON array of objects'));

  const parse = (end: number): void => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
    let row: unknown;
    try {
      row = JSON.parse(text);
    } catch (thrown) {
      malformed(String(thrown));
    }
    onRow(row, index++);
  };

  const scan = (): void => {
    // Locals: this loop sees every byte, and captured variables would live on the heap.
    const data = bytes;
    const end = filled;
    let level = depth;
    let quoted = inString;
    let i = at;
    for (; i < end; i++) {
      const byte = data[i];
      if (quoted) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) quoted = false;
      } else if (level >= 2) {
        if (byte === quote) quoted = true;
        else if (byte === openBrace || byte === openBracket) level++;
        else if ((byte === closeBrace || byte === closeBracket) && --level === 1) parse(i + 1);
      } else if (level === 1 && byte === openBrace) {
        const after = take ? take(data, i) : 0;
        if (after > 0) {
          index++;
          i = after - 1;
        } else {
          start = i;
          level = 2;
        }
      } else if (level === 1 && byte === closeBracket) {
        level = 0;
        done = true;
      } else if (level === 0 && !done && byte === openBracket) level = 1;
      else if (!isSpace(byte) && !(level === 1 && byte === comma))
        malformed(`'${String.fromCharCode(byte)}' outside of an object`);
    }
    depth = level;
    inString = quoted;
    at = i;
  };

  const read = (into: Uint8Array): Promise<number> =>
    file.read(into, 0, chunkBytes).then(
      ({ bytesRead }) => bytesRead,
      (thrown: unknown) => raise(systemError(thrown, path, 'a readable file')),
    );

  try {
    const next = new Uint8Array(chunkBytes);
    let arrived = await read(next);
    let total = 0;
    while (arrived > 0) {
      // Only the unfinished object is kept of what was there before.
      const kept = depth >= 2 ? filled - start : 0;
      if (kept > longestRow) malformed(`an object of more than ${longestRow} bytes`);
      if (kept + arrived >= bytes.length) {
        const larger = new Uint8Array(2 * (kept + chunkBytes) + 1);
        if (kept > 0) larger.set(bytes.subarray(start, filled));
        bytes = larger;
      } else if (kept > 0) bytes.copyWithin(0, start, filled);
      bytes.set(next.subarray(0, arrived), kept);
      start = 0;
      at = kept;
      filled = kept + arrived;
      bytes[filled] = 0;
      total += arrived;
      const pending = read(next);
      // Should scanning raise, nobody is left to see this one fail.
      pending.catch(() => undefined);
      try {
        scan();
      } catch (thrown) {
        await pending.catch(() => undefined);
        throw thrown;
      }
      onBytes?.(total);
      arrived = await pending;
    }
  } finally {
    await file.close();
  }
  if (!done)
    raise(dataError('truncated', path, `row ${index}`, 'the end of the file', 'the end of the array, ]'));
};
