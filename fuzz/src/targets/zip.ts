import { deflateRawSync } from 'node:zlib';
import { bytesOf, crc32, joined, record } from '../bytes.js';

/** A zip archive of some files: enough of the format for what is read here. */
export const zipOf = (files: Readonly<Record<string, Uint8Array>>): Uint8Array => {
  const bodies: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, data] of Object.entries(files)) {
    const { buffer, byteOffset, byteLength } = deflateRawSync(data);
    const packed = new Uint8Array(buffer, byteOffset, byteLength);
    const text = bytesOf(name);
    // Version, method, CRC-32, sizes, length of the name: in both headers, two bytes apart.
    const common = (shift: number) =>
      [
        [4 + shift, 2, 20],
        [8 + shift, 2, 8],
        [14 + shift, 4, crc32(data)],
        [18 + shift, 4, packed.length],
        [22 + shift, 4, data.length],
        [26 + shift, 2, text.length],
      ] as const;
    bodies.push(record(30, [0, 4, 0x04034b50], ...common(0)), text, packed);
    directory.push(record(46, [0, 4, 0x02014b50], [4, 2, 20], ...common(2), [42, 4, offset]), text);
    offset += 30 + text.length + packed.length;
  }
  const listing = joined(...directory);
  const count = Object.keys(files).length;
  const end = record(
    22,
    [0, 4, 0x06054b50],
    [8, 2, count],
    [10, 2, count],
    [12, 4, listing.length],
    [16, 4, offset],
  );
  return joined(...bodies, listing, end);
};

/** A .npy file of a flat array of uint16. */
export const npyOf = (values: Uint16Array): Uint8Array => {
  const text = `{'descr': '<u2', 'fortran_order': False, 'shape': (${values.length},), }`;
  const header = bytesOf(`${text.padEnd(117)}\n`);
  return joined(
    Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0),
    header,
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  );
};
