import type { FileHandle } from 'node:fs/promises';
import { endianness } from 'node:os';
import { systemCode } from '@nerfseg/files';
import { crc32 } from '../../files/crc32.js';
import { joinBytes } from '../../files/join-bytes.js';
import { openFile } from '../../files/open-file.js';
import { putFile } from '../../files/put-file.js';
import {
  type BuiltIndex,
  type CapturePart,
  type IndexHeader,
  indexHeader,
  type PartEntry,
  type PartKind,
  partKinds,
} from './layout.js';
import { decodePart } from './part-codec.js';

// The file: magic (8 bytes, the version and the byte order in it), length of the header, its CRC-32, the header as JSON,
// then the parts, whose offsets count from the end of the header. All begin at multiples of 8.
const magic = `nfsgI1${endianness()}`;
const preamble = 16;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** What is opened of an index: the header, and of the wanted scenes the wanted parts. */
export interface LoadedIndex {
  readonly header: IndexHeader;
  readonly parts: ReadonlyMap<number, Readonly<Partial<Record<PartKind, CapturePart>>>>;
}

/** Which parts are wanted of a scene; none: the scene is passed over. */
export type WantedParts = (scene: string) => readonly PartKind[];

interface WantedPart {
  readonly scene: number;
  readonly kind: PartKind;
  readonly entry: PartEntry;
}

/** What is wanted, kind by kind, as it lies in the file. */
const wantedParts = ({ scenes }: IndexHeader, wanted: WantedParts): readonly WantedPart[] => {
  const kinds = scenes.map(({ name }) => wanted(name));
  return partKinds.flatMap((kind) =>
    scenes.flatMap(({ parts }, scene) =>
      kinds[scene].includes(kind) ? [{ scene, kind, entry: parts[kind] }] : [],
    ),
  );
};

/** Parts decoded, by scene; undefined when one is missing or not what its entry says. */
const collect = (
  header: IndexHeader,
  wanted: readonly WantedPart[],
  bytes: readonly (Uint8Array | undefined)[],
): LoadedIndex | undefined => {
  const parts = new Map<number, Partial<Record<PartKind, CapturePart>>>();
  for (const [i, { scene, kind, entry }] of wanted.entries()) {
    const found = bytes[i];
    const part = found && decodePart(found, entry, header.calibrations.length);
    if (!part) return undefined;
    const ofScene = parts.get(scene);
    if (ofScene) ofScene[kind] = part;
    else parts.set(scene, { [kind]: part });
  }
  return { header, parts };
};

/** Bytes that are read at a time: thousands of small parts would each cost a turn of the event loop. */
const readAtOnce = 2 ** 23;

/** The bytes of parts; of those that lie side by side, several at a time. Undefined for one that is damaged. */
const readParts = async (
  file: FileHandle,
  base: number,
  size: number,
  wanted: readonly WantedPart[],
): Promise<readonly (Uint8Array | undefined)[]> => {
  const found: (Uint8Array | undefined)[] = [];
  for (let first = 0, end = 0; first < wanted.length; first = end) {
    const { offset } = wanted[first].entry;
    const endOf = ({ entry }: WantedPart): number => padded(entry.offset + entry.bytes);
    end = first + 1;
    while (
      end < wanted.length &&
      wanted[end].entry.offset === endOf(wanted[end - 1]) &&
      endOf(wanted[end]) - offset <= readAtOnce
    )
      end++;
    const { entry: last } = wanted[end - 1];
    const run = await readRange(file, base + offset, last.offset + last.bytes - offset, size);
    if (!run || offset % 8 !== 0) return found;
    for (const { entry } of wanted.slice(first, end)) {
      const part = run.subarray(entry.offset - offset, entry.offset - offset + entry.bytes);
      if (crc32(part) !== entry.crc) return found;
      found.push(part);
    }
  }
  return found;
};

/** The wanted parts of an index that was just built. */
export const loadBuilt = (built: BuiltIndex, wanted: WantedParts): LoadedIndex => {
  const parts = wantedParts(built.header, wanted);
  const bytes = parts.map(({ scene, kind }) => built.parts[scene][kind]);
  const loaded = collect(built.header, parts, bytes);
  if (!loaded) throw new Error('an index that was just built cannot be decoded');
  return loaded;
};

/** Writes an index aside, flushes and renames: two processes that do so at once leave one whole index. Raises `unavailable`. */
export const writeIndex = (path: string, { header, parts }: BuiltIndex): Promise<void> => {
  const text = encoder.encode(JSON.stringify(header));
  const start = new Uint8Array(padded(preamble + text.length));
  start.set(encoder.encode(magic));
  new DataView(start.buffer).setUint32(8, text.length, true);
  new DataView(start.buffer).setUint32(12, crc32(text), true);
  start.set(text, preamble);
  const chunks = function* () {
    yield start;
    for (const kind of partKinds)
      for (const part of parts) {
        yield part[kind];
        const gap = padded(part[kind].length) - part[kind].length;
        if (gap > 0) yield new Uint8Array(gap);
      }
  };
  return putFile(path, gathered(chunks(), 1 << 22));
};

/** Small chunks joined into larger ones: each is a call to the operating system. */
function* gathered(chunks: Iterable<Uint8Array>, size: number): Generator<Uint8Array> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for (const chunk of chunks) {
    held.push(chunk);
    bytes += chunk.length;
    if (bytes < size) continue;
    yield joinBytes(held);
    held = [];
    bytes = 0;
  }
  if (bytes > 0) yield joinBytes(held);
}

/**
 * Opens an index.
 *
 * @param stamp of the tables as they are.
 * @returns undefined when it is not there, of another version, stale, or damaged in any part that is wanted.
 */
export const readIndex = async (
  path: string,
  stamp: string,
  wanted: WantedParts,
): Promise<LoadedIndex | undefined> => {
  let file: FileHandle;
  try {
    file = await openFile(path);
  } catch {
    return undefined;
  }
  try {
    const { size } = await file.stat();
    const start = await readRange(file, 0, preamble, size);
    if (!start || decoder.decode(start.subarray(0, 8)) !== magic) return undefined;
    const numbers = new DataView(start.buffer);
    const headerBytes = numbers.getUint32(8, true);
    const text = await readRange(file, preamble, headerBytes, size);
    if (!text || crc32(text) !== numbers.getUint32(12, true)) return undefined;
    const parsed = indexHeader.safeParse(JSON.parse(decoder.decode(text)));
    if (!parsed.success || parsed.data.stamp !== stamp) return undefined;
    const header = parsed.data;
    const base = padded(preamble + headerBytes);
    const parts = wantedParts(header, wanted);
    return collect(header, parts, await readParts(file, base, size, parts));
  } catch (thrown) {
    // A file that cannot be read is as good as none.
    if (systemCode(thrown) === undefined && !(thrown instanceof SyntaxError)) throw thrown;
    return undefined;
  } finally {
    await file.close();
  }
};

/** Bytes of a file, in a buffer of their own; undefined where the file ends before. */
const readRange = async (
  file: FileHandle,
  offset: number,
  bytes: number,
  size: number,
): Promise<Uint8Array | undefined> => {
  if (!(bytes >= 0 && offset >= 0 && offset + bytes <= size)) return undefined;
  const buffer = new Uint8Array(bytes);
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await file.read(buffer, at, bytes - at, offset + at);
    if (bytesRead === 0) return undefined;
    at += bytesRead;
  }
  return buffer;
};
