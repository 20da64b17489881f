import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { parseHeader } from './parse-header.js';
import { arrayOf, type SafetensorsFile } from './types.js';

/** The reference implementation refuses longer headers too. */
const longestHeader = 100_000_000;

/**
 * Reads the safetensors format. Every claim of the header is checked against the bytes before anything is read: its length, JSON,
 * dtypes, shapes, offsets in range, no overlap, no hole, nothing left over. Errors name `source` and the tensor. The arrays are
 * copies, free of `bytes`.
 */
export function decodeSafetensors(bytes: Uint8Array, source: string): Either<DataError, SafetensorsFile> {
  if (bytes.length < 8)
    return left(dataError('truncated', source, 'header length', `${bytes.length} bytes`, 'at least 8'));
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(longestHeader))
    return left(
      dataError(
        'malformed',
        source,
        'header length',
        `${length}`,
        `at most ${longestHeader}`,
        'Is it a safetensors file?',
      ),
    );
  const headerLength = Number(length);
  if (8 + headerLength > bytes.length)
    return left(
      dataError('truncated', source, 'header', `${bytes.length - 8} bytes`, `${headerLength} bytes`),
    );
  const header = parseHeader(bytes.subarray(8, 8 + headerLength), bytes.length - 8 - headerLength, source);
  if (isLeft(header)) return header;
  const { entries, metadata } = header.right;
  const base = bytes.byteOffset + 8 + headerLength;
  const tensors = entries.map(({ name, dtype, shape, begin, end }) => {
    const copy = new ArrayBuffer(end - begin);
    new Uint8Array(copy).set(new Uint8Array(bytes.buffer, base + begin, end - begin));
    return [name, { dtype, shape, data: arrayOf(dtype, copy) }] as const;
  });
  return right({ tensors: Object.fromEntries(tensors), metadata });
}
