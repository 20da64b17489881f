import { byteCursor, utf8 } from './byte-cursor.js';
import { refuse } from './refuse.js';

/** One file of a zip archive, as the central directory describes it. */
export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  readonly crc: number;
  /** Where its local header begins. */
  readonly header: number;
}

const endRecord = 22;
const longestComment = 65535;

/** Where the end-of-central-directory record begins. */
function findEnd(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = Math.max(0, bytes.length - endRecord - longestComment);
  for (let at = bytes.length - endRecord; at >= first; at--)
    if (view.getUint32(at, true) === 0x06054b50) return at;
  return refuse(
    'truncated',
    'zip directory',
    'none',
    'one at the end of the file',
    'Was the file cut short?',
  );
}

/** Entries, offset of the directory; the zip64 record's where the plain one says so. */
function directory(bytes: Uint8Array): { count: number; offset: number } {
  const end = findEnd(bytes);
  const record = byteCursor(bytes, end + 10);
  const count = record.uint16();
  record.take(4);
  const offset = record.uint32();
  if (count !== 0xffff && offset !== 0xffffffff) return { count, offset };
  const locator = byteCursor(bytes, Math.max(0, end - 20));
  if (locator.uint32() !== 0x07064b50) return { count, offset };
  locator.take(4);
  const zip64 = byteCursor(bytes, Math.min(locator.count64(), bytes.length));
  if (zip64.uint32() !== 0x06064b50)
    refuse('malformed', 'zip directory', 'no zip64 record where one should be', 'a whole zip file');
  zip64.take(28);
  const wide = zip64.count64();
  zip64.take(8);
  return { count: wide, offset: zip64.count64() };
}

/** The zip64 field of an entry's extra data: 64-bit values for those of the 32-bit ones that are all ones. */
function widen(extra: Uint8Array, values: readonly number[]): number[] {
  const cursor = byteCursor(extra);
  while (cursor.position() + 4 <= extra.length) {
    const id = cursor.uint16();
    const field = byteCursor(cursor.take(cursor.uint16()));
    if (id === 1) return values.map((value) => (value === 0xffffffff ? field.count64() : value));
  }
  return [...values];
}

/** The files of a zip archive by name. PyTorch stores without compression; so must every entry here. */
export function zipDirectory(bytes: Uint8Array): Map<string, ZipEntry> {
  const { count, offset } = directory(bytes);
  const cursor = byteCursor(bytes, Math.min(offset, bytes.length));
  const entries = new Map<string, ZipEntry>();
  for (let i = 0; i < count; i++) {
    if (cursor.uint32() !== 0x02014b50)
      refuse('malformed', 'zip directory', `entry ${i} is no entry`, `${count} entries`);
    cursor.take(4);
    const flags = cursor.uint16();
    const method = cursor.uint16();
    cursor.take(4);
    const crc = cursor.uint32();
    const sizes = [cursor.uint32(), cursor.uint32()];
    const lengths = [cursor.uint16(), cursor.uint16(), cursor.uint16()];
    cursor.take(8);
    const position = cursor.uint32();
    const name = utf8(cursor.take(lengths[0]));
    const extra = cursor.take(lengths[1]);
    cursor.take(lengths[2]);
    // The zip64 field lists size, stored size, position, in this order.
    const [size, stored, header] = widen(extra, [sizes[1], sizes[0], position]);
    if (method !== 0 || (flags & 1) !== 0 || size !== stored)
      refuse(
        'malformed',
        name,
        flags & 1 ? 'an encrypted entry' : 'a compressed entry',
        'stored as it is',
        'torch.save does not compress: was the file packed again?',
      );
    if (entries.has(name)) refuse('malformed', name, 'two entries of this name', 'one');
    entries.set(name, { name, size: size!, crc, header: header! });
  }
  return entries;
}
