import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const joined = (...parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

export const read = (file: string): Uint8Array => {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  return new Uint8Array(buffer, byteOffset, byteLength);
};

/** A record of little-endian numbers. */
export const record = (
  size: number,
  ...fields: readonly (readonly [at: number, bytes: 2 | 4, value: number])[]
): Uint8Array => {
  const view = new DataView(new ArrayBuffer(size));
  for (const [at, bytes, value] of fields)
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
  return new Uint8Array(view.buffer);
};

/** Paths of all files in a folder, relative to it, in order. */
export const filesIn = (root: string): readonly string[] =>
  (readdirSync(root, { recursive: true }) as string[])
    .filter((name) => lstatSync(path.join(root, name)).isFile())
    .sort();

/** CRC-32 as zip has it, bit by bit. */
export const crc32 = (bytes: Uint8Array): number => {
  let value = -1;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
};
