import { dataError } from '@nerfseg/geometry';
import { raise } from './guard.js';
import { joinBytes } from './join-bytes.js';

/** An array of a .npy file (numpy.lib.format), little-endian, row by row. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly values:
    | Uint8Array
    | Uint16Array
    | Int16Array
    | Uint32Array
    | Int32Array
    | Float32Array
    | Float64Array;
}

const magic = [0x93, ...new TextEncoder().encode('NUMPY')];
/** What a header may have besides the data. */
export const npyHeaderRoom = 1 << 12;

const types = {
  '|u1': Uint8Array,
  '<u2': Uint16Array,
  '<i2': Int16Array,
  '<u4': Uint32Array,
  '<i4': Int32Array,
  '<f4': Float32Array,
  '<f8': Float64Array,
} as const;

/** Parses a .npy file. Raises `malformed` or `truncated`. */
export const parseNpy = (bytes: Uint8Array, source: string): NpyArray => {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const malformed = (field: string, found: string, expected: string): never =>
    raise(dataError('malformed', source, field, found, expected));
  if (file.length < 12 || !magic.every((byte, i) => bytes[i] === byte))
    return malformed('magic', file.toString('latin1', 0, 6), 'a .npy array');
  const long = file[6] >= 2;
  const headerStart = long ? 12 : 10;
  const headerBytes = long ? file.readUInt32LE(8) : file.readUInt16LE(8);
  if (headerBytes > npyHeaderRoom || headerStart + headerBytes > file.length)
    return malformed('header', `${headerBytes} bytes`, `at most ${Math.min(npyHeaderRoom, file.length)}`);
  const header = file.toString('latin1', headerStart, headerStart + headerBytes);
  const [, descr] =
    /'descr':\s*'([^']*)'/.exec(header) ?? malformed('header', header.slice(0, 80), "'descr'");
  const Type = Object.hasOwn(types, descr) ? types[descr as keyof typeof types] : undefined;
  if (!Type) return malformed('descr', descr, Object.keys(types).join(', '));
  const [, dims] =
    /'shape':\s*\(([^)]*)\)/.exec(header) ?? malformed('header', header.slice(0, 80), "'shape'");
  const shape = dims
    .split(',')
    .filter((dim) => dim.trim() !== '')
    .map(Number);
  if (!shape.every((dim) => Number.isSafeInteger(dim) && dim >= 0))
    return malformed('shape', dims, 'whole numbers');
  if (!/'fortran_order':\s*False/.test(header) && shape.length > 1)
    return malformed('fortran_order', 'True', 'False');
  const count = shape.reduce((product, dim) => product * dim, 1);
  const data = bytes.subarray(headerStart + headerBytes);
  if (data.length !== count * Type.BYTES_PER_ELEMENT)
    raise(
      dataError(
        'truncated',
        source,
        'data',
        `${data.length} bytes`,
        `${count * Type.BYTES_PER_ELEMENT} for shape [${shape.join(', ')}] of ${descr}`,
      ),
    );
  // Copied: what follows the header need not be aligned.
  const values = new Type(count);
  new Uint8Array(values.buffer).set(data);
  return { shape, values };
};

/** A one-dimensional array as a .npy file, version 1.0. */
export const npyBytes = (values: Uint8Array | Uint16Array): Uint8Array => {
  const descr = values.BYTES_PER_ELEMENT === 1 ? '|u1' : '<u2';
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${values.length},), }`;
  // Magic, version and length take 10 bytes; spaces and a newline make a multiple of 64 of it all.
  const header = text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11);
  const length = header.length + 1;
  return joinBytes([
    Uint8Array.of(...magic, 1, 0, length & 255, length >> 8),
    new TextEncoder().encode(`${header}\n`),
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  ]);
};
