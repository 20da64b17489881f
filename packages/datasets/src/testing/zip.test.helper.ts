import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../files/crc32.js';

/** Content of a zip by name, in order; a name may be there twice. */
export type ZipContent = readonly (readonly [name: string, bytes: Uint8Array])[];

/** All files of a folder, for `writeZip`. */
export const contentOf = async (folder: string): Promise<ZipContent> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path) => [relative(folder, path), new Uint8Array(await readFile(path))] as const),
  );
};

const u16 = (value: number): number[] => [value & 0xff, (value >>> 8) & 0xff];
const u32 = (value: number): number[] => [...u16(value), ...u16(value >>> 16)];
const signature = (kind: string): number[] => [0x50, 0x4b, ...kind].map(Number);

/** Writes a zip, every other file deflated (APPNOTE 4.3: local headers, central directory, its end). */
export const writeZip = async (path: string, content: ZipContent): Promise<void> => {
  const local: number[] = [];
  const central: number[] = [];
  for (const [i, [name, bytes]] of content.entries()) {
    const data = i % 2 ? deflateRawSync(bytes) : bytes;
    const words = [...new TextEncoder().encode(name)];
    const common = [
      ...[...u16(20), ...u16(0), ...u16(i % 2 ? 8 : 0), ...u32(0)],
      ...[...u32(crc32(bytes)), ...u32(data.length), ...u32(bytes.length), ...u16(words.length), ...u16(0)],
    ];
    central.push(
      ...[...signature('12'), ...u16(20), ...common, ...Array<number>(10).fill(0), ...u32(local.length)],
      ...words,
    );
    local.push(...signature('34'), ...common, ...words, ...data);
  }
  const count = u16(content.length);
  await writeFile(
    path,
    Uint8Array.from([
      ...local,
      ...central,
      ...[...signature('56'), ...u32(0), ...count, ...count, ...u32(central.length), ...u32(local.length)],
      ...u16(0),
    ]),
  );
};
