import { open } from 'node:fs/promises';
import { dataError } from '@nerfseg/geometry';
import { raise } from '../files/guard.js';
import { systemError } from '../files/system-error.js';

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

export interface ReadJsonRowsOptions {
  /** Rows for whose text this is false are passed over unparsed. */
  readonly accept?: (text: string) => boolean;
  /** Bytes read at a time. Default 4 MiB. */
  readonly chunkBytes?: number;
}

/**
 * Reads a JSON file that is an array of objects, one object at a time: what is held is one chunk and one object,
 * however large the file (nuScenes' sample_data.json passes the longest string that Node can hold). Raises.
 */
export const readJsonRows = async (
  path: string,
  onRow: (row: unknown, index: number) => void,
  options: ReadJsonRowsOptions = {},
): Promise<void> => {
  const { accept, chunkBytes = 1 << 22 } = options;
  const file = await open(path, 'r').catch((thrown: unknown) =>
    raise(systemError(thrown, path, 'a table: a JSON array of objects')),
  );
  let bytes = new Uint8Array(chunkBytes);
  let decoder = Buffer.from(bytes.buffer);
  // Where the current object began, how far has been scanned, how much is filled.
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
    const text = decoder.toString('utf8', start, end);
    if (!accept || accept(text)) {
      let row: unknown;
      try {
        row = JSON.parse(text);
      } catch (thrown) {
        malformed(String(thrown));
      }
      onRow(row, index);
    }
    index++;
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
        start = i;
        level = 2;
      } else if (level === 1 && byte === closeBracket) {
        level = 0;
        done = true;
      } else if (level === 0 && !done && byte === openBracket) level = 1;
      else if (byte > 0x20 && !(level === 1 && byte === comma))
        malformed(`'${String.fromCharCode(byte)}' outside of an object`);
    }
    depth = level;
    inString = quoted;
    at = i;
  };

  try {
    for (;;) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
      scan();
      // Only the unfinished object is kept; one that is longer than half the buffer makes it grow.
      const kept = depth >= 2 ? bytes.subarray(start, filled) : bytes.subarray(0, 0);
      if (kept.length * 2 > bytes.length) {
        bytes = new Uint8Array(bytes.length * 2);
        decoder = Buffer.from(bytes.buffer);
      }
      bytes.set(kept);
      start = 0;
      at = kept.length;
      filled = kept.length;
    }
  } finally {
    await file.close();
  }
  if (!done)
    raise(dataError('truncated', path, `row ${index}`, 'the end of the file', 'the end of the array, ]'));
};
