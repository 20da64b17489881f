import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { systemCode } from '@nerfseg/files';
import { dataError } from '@nerfseg/geometry';
import { crc32 } from './crc32.js';
import { raise } from './guard.js';
import { joinBytes } from './join-bytes.js';
import { type NpyArray, npyBytes, npyHeaderRoom, parseNpy } from './npy.js';
import { readBytes } from './read-bytes.js';

const [localSignature, entrySignature, endSignature] = [0x04034b50, 0x02014b50, 0x06054b50];
const [stored, deflated] = [0, 8];
const [localBytes, entryBytes, endBytes] = [30, 46, 22];
const longestComment = 0xffff;

const malformed = (path: string, field: string, found: string, expected: string): never =>
  raise(dataError('malformed', path, field, found, expected));

interface Entry {
  readonly method: number;
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  readonly offset: number;
}

/** The entry of a name in the archive's directory. */
const findEntry = (path: string, zip: Buffer, name: string): Entry => {
  let end = zip.length - endBytes;
  const first = Math.max(0, end - longestComment);
  while (end >= first && zip.readUInt32LE(end) !== endSignature) end--;
  if (end < first) return malformed(path, 'end of the directory', 'none', 'a zip archive (.npz)');
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (at + entryBytes > end || zip.readUInt32LE(at) !== entrySignature)
      return malformed(path, 'directory', `no entry at byte ${at}`, `${left} more entries`);
    const nameEnd = at + entryBytes + zip.readUInt16LE(at + 28);
    const entryName = zip.toString('utf8', at + entryBytes, nameEnd);
    if (entryName === name)
      return {
        method: zip.readUInt16LE(at + 10),
        crc: zip.readUInt32LE(at + 16),
        compressed: zip.readUInt32LE(at + 20),
        size: zip.readUInt32LE(at + 24),
        offset: zip.readUInt32LE(at + 42),
      };
    names.push(entryName);
    at = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return raise(
    dataError('not-found', path, 'entries', names.join(', ').slice(0, 120) || 'none', `an entry ${name}`),
  );
};

const unpack = (path: string, file: Uint8Array, name: string, mostBytes: number): Uint8Array => {
  const zip = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const { method, crc, compressed, size, offset } = findEntry(path, zip, name);
  // Before anything is allocated: what a file claims of its size is not to be trusted.
  if (size > mostBytes)
    return malformed(path, `${name}, size`, `${size} bytes`, `at most ${mostBytes} bytes`);
  if (offset + localBytes > zip.length || zip.readUInt32LE(offset) !== localSignature)
    return malformed(path, name, `nothing at byte ${offset}`, 'the entry that the directory names');
  const start = offset + localBytes + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  if (start + compressed > zip.length)
    return raise(
      dataError('truncated', path, name, `${zip.length - start} bytes`, `${compressed} compressed bytes`),
    );
  const packed = file.subarray(start, start + compressed);
  let bytes: Uint8Array = packed;
  if (method === deflated)
    try {
      const inflated = inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
      bytes = new Uint8Array(inflated.buffer, inflated.byteOffset, inflated.byteLength);
    } catch (thrown) {
      return malformed(path, name, systemCode(thrown) ?? String(thrown), 'deflated data');
    }
  else if (method !== stored)
    return malformed(path, `${name}, method`, String(method), '0 (stored) or 8 (deflated)');
  if (bytes.length !== size)
    return malformed(path, `${name}, size`, `${bytes.length} bytes`, `${size} as the directory says`);
  if (crc32(bytes) !== crc)
    return malformed(path, `${name}, CRC-32`, crc32(bytes).toString(16), crc.toString(16));
  return bytes;
};

/**
 * Reads one array of a file of numpy.savez or numpy.savez_compressed. Raises.
 *
 * @param name as it was given to savez.
 * @param mostBytes of the array's data: what is larger is refused unread.
 */
export const readNpz = async (path: string, name: string, mostBytes: number): Promise<NpyArray> => {
  const file = await readBytes(path);
  return parseNpy(unpack(path, file, `${name}.npy`, mostBytes + npyHeaderRoom), `${path}: ${name}`);
};

/** A record of numbers of 2 or 4 bytes, little-endian. */
const record = (...fields: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array =>
  Uint8Array.from(
    fields.flatMap(([bytes, value]) => Array.from({ length: bytes }, (_, b) => value >>> (8 * b))),
  );

/** The bytes of a file as numpy.savez_compressed writes it; equal input gives equal bytes. */
export const npzBytes = (arrays: Readonly<Record<string, Uint8Array | Uint16Array>>): Uint8Array => {
  const files: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [key, values] of Object.entries(arrays)) {
    const name = new TextEncoder().encode(`${key}.npy`);
    const data = npyBytes(values);
    const deflatedData = deflateRawSync(data);
    const packed = new Uint8Array(deflatedData.buffer, deflatedData.byteOffset, deflatedData.byteLength);
    // Version needed, flags, method, time, date (1 January 1980, the format's first), CRC-32, sizes, length of the name,
    // none of anything more.
    const common = record(
      [2, 20],
      [2, 0],
      [2, deflated],
      [2, 0],
      [2, 0x21],
      [4, crc32(data)],
      [4, packed.length],
      [4, data.length],
      [2, name.length],
      [2, 0],
    );
    files.push(record([4, localSignature]), common, name, packed);
    // No comment, the first disk, no attributes.
    const place = record([2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    directory.push(record([4, entrySignature], [2, 20]), common, place, name);
    offset += localBytes + name.length + packed.length;
  }
  const count = Object.keys(arrays).length;
  const listing = joinBytes(directory);
  const end = record(
    [4, endSignature],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, listing.length],
    [4, offset],
    [2, 0],
  );
  return joinBytes([...files, listing, end]);
};
