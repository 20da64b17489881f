import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type DataError, dataError, type SegmentMasks } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { segmentMasks } from '../masks/segment-masks.js';
import { errorText } from './error-text.js';
import { readNumbers, writeNumbers } from './leb128.js';

const MAGIC = 'NSMASK02';
const HASH = 32;
const PREFIX = MAGIC.length + HASH + 4;

/**
 * One picture's masks as a file: 8 bytes `NSMASK02`; 32 bytes SHA-256 of all that follows; uint32 little-endian, length
 * of the header; the header, JSON in UTF-8 { width, height, masks: M, size: bytes of the body, about: anything }; the
 * body, compressed as raw deflate: M float32 little-endian scores, then LEB128 numbers: M counts of runs, and the runs,
 * mask after mask. A run is stored as its difference to the run before the last (a mask's next row is much like its
 * last), with the sign in the lowest bit.
 *
 * @param about says where the masks come from; stored, not read back.
 */
export function encodeMaskFile(
  masks: SegmentMasks,
  about: Readonly<Record<string, unknown>> = {},
): Uint8Array {
  const count = masks.masks.length;
  const numbers: number[] = masks.masks.map((runs) => runs.length);
  for (const runs of masks.masks)
    for (let r = 0; r < runs.length; r++) {
      const difference = runs[r]! - (r < 2 ? 0 : runs[r - 2]!);
      numbers.push(difference < 0 ? -2 * difference - 1 : 2 * difference);
    }
  const runs = writeNumbers(numbers);
  const body = new Uint8Array(4 * count + runs.length);
  const view = new DataView(body.buffer);
  for (let m = 0; m < count; m++) view.setFloat32(4 * m, masks.score[m]!, true);
  body.set(runs, 4 * count);
  const { width, height } = masks;
  const header = new TextEncoder().encode(
    JSON.stringify({ width, height, masks: count, size: body.length, about }),
  );
  const packed = deflateRawSync(body);
  const file = new Uint8Array(PREFIX + header.length + packed.length);
  file.set(new TextEncoder().encode(MAGIC));
  new DataView(file.buffer).setUint32(MAGIC.length + HASH, header.length, true);
  file.set(header, PREFIX);
  file.set(packed, PREFIX + header.length);
  file.set(hash(file.subarray(MAGIC.length + HASH)), MAGIC.length);
  return file;
}

/** Reads what {@link encodeMaskFile} wrote; `source` names the file in the error (`truncated` or `malformed`). */
export function decodeMaskFile(file: Uint8Array, source: string): Either<DataError, SegmentMasks> {
  const fail = (field: string, found: string, expected: string): Either<DataError, never> =>
    left(dataError(field === 'size' ? 'truncated' : 'malformed', source, field, found, expected));
  if (file.length < PREFIX) return fail('size', `${file.length} bytes`, `at least ${PREFIX}`);
  const magic = new TextDecoder('latin1').decode(file.subarray(0, MAGIC.length));
  if (magic !== MAGIC) return fail('magic', JSON.stringify(magic), MAGIC);
  const found = hex(hash(file.subarray(MAGIC.length + HASH)));
  const expected = hex(file.subarray(MAGIC.length, MAGIC.length + HASH));
  if (found !== expected) return fail('sha256', found, expected);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const end = PREFIX + view.getUint32(MAGIC.length + HASH, true);
  if (file.length < end) return fail('size', `${file.length} bytes`, `a header up to ${end}`);
  const header = parseHeader(file.subarray(PREFIX, end));
  if (header === undefined) return fail('header', 'something else', 'width, height, masks, size');
  const { width, height, masks: count, size } = header;
  try {
    const body = new Uint8Array(inflateRawSync(file.subarray(end), { maxOutputLength: Math.max(1, size) }));
    if (body.length !== size || size < 4 * count)
      return fail('body', `${body.length} bytes`, `${Math.max(size, 4 * count)}`);
    const scores = new DataView(body.buffer, body.byteOffset);
    const score = Array.from({ length: count }, (_, m) => scores.getFloat32(4 * m, true));
    const numbers = readNumbers(body.subarray(4 * count));
    let at = count;
    const masks = Array.from({ length: count }, (_, m) => {
      const coded = numbers.subarray(at, at + numbers[m]!);
      at += coded.length;
      const runs = new Uint32Array(coded.length);
      for (let r = 0; r < coded.length; r++) {
        const value = coded[r]!;
        const difference = value % 2 === 0 ? value / 2 : -(value + 1) / 2;
        runs[r] = difference + (r < 2 ? 0 : runs[r - 2]!);
      }
      return runs;
    });
    return right(segmentMasks(width, height, masks, score));
  } catch (error) {
    return fail('body', errorText(error), `${count} masks over ${width} x ${height} pixels`);
  }
}

const hash = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

interface Header {
  readonly width: number;
  readonly height: number;
  readonly masks: number;
  readonly size: number;
}

function parseHeader(bytes: Uint8Array): Header | undefined {
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isHeader(header) ? header : undefined;
  } catch {
    return undefined;
  }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

function isHeader(value: unknown): value is Header {
  if (typeof value !== 'object' || value === null) return false;
  const { width, height, masks, size } = value as Partial<Record<keyof Header, unknown>>;
  return isCount(width) && isCount(height) && isCount(masks) && isCount(size);
}
