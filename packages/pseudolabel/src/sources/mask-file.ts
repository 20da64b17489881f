import { createHash } from 'node:crypto';
import { type DataError, dataError, type SegmentMasks } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { segmentMasks } from '../masks/segment-masks.js';

const MAGIC = 'NSMASK01';
const PREFIX = MAGIC.length + 4;

/**
 * One picture's masks as a file: 8 bytes `NSMASK01`; uint32 little-endian, length of the header; the header, JSON in
 * UTF-8 { width, height, score: [M], runs: [M] numbers of runs, payload: bytes, sha256: of the payload, about: anything };
 * then the payload, all masks' run lengths as LEB128 numbers, mask after mask.
 *
 * @param about says where the masks come from; stored, not read back.
 */
export function encodeMaskFile(
  masks: SegmentMasks,
  about: Readonly<Record<string, unknown>> = {},
): Uint8Array {
  const bytes: number[] = [];
  for (const runs of masks.masks)
    for (let run of runs) {
      for (; run >= 128; run = Math.floor(run / 128)) bytes.push((run % 128) | 128);
      bytes.push(run);
    }
  const payload = Uint8Array.from(bytes);
  const header = new TextEncoder().encode(
    JSON.stringify({
      width: masks.width,
      height: masks.height,
      score: [...masks.score],
      runs: masks.masks.map((runs) => runs.length),
      payload: payload.length,
      sha256: hash(payload),
      about,
    }),
  );
  const file = new Uint8Array(PREFIX + header.length + payload.length);
  file.set(new TextEncoder().encode(MAGIC));
  new DataView(file.buffer).setUint32(MAGIC.length, header.length, true);
  file.set(header, PREFIX);
  file.set(payload, PREFIX + header.length);
  return file;
}

/** Reads what {@link encodeMaskFile} wrote; `source` names the file in the error (`truncated` or `malformed`). */
export function decodeMaskFile(file: Uint8Array, source: string): Either<DataError, SegmentMasks> {
  const fail = (field: string, found: string, expected: string): Either<DataError, never> =>
    left(dataError(field === 'size' ? 'truncated' : 'malformed', source, field, found, expected));
  if (file.length < PREFIX) return fail('size', `${file.length} bytes`, `at least ${PREFIX}`);
  const magic = new TextDecoder('latin1').decode(file.subarray(0, MAGIC.length));
  if (magic !== MAGIC) return fail('magic', JSON.stringify(magic), MAGIC);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const end = PREFIX + view.getUint32(MAGIC.length, true);
  if (file.length < end) return fail('size', `${file.length} bytes`, `a header up to ${end}`);
  const header = parseHeader(file.subarray(PREFIX, end));
  if (header === undefined)
    return fail('header', 'something else', 'width, height, score, runs, payload, sha256');
  const payload = file.subarray(end);
  if (payload.length !== header.payload)
    return fail('size', `${payload.length} bytes of masks`, `${header.payload}`);
  if (hash(payload) !== header.sha256) return fail('sha256', hash(payload), header.sha256);
  let at = 0;
  const masks = header.runs.map((count) => {
    const runs = new Uint32Array(count);
    for (let r = 0; r < count; r++) {
      let [value, factor] = [0, 1];
      for (; (payload[at] ?? 0) >= 128; factor *= 128) value += (payload[at++]! & 127) * factor;
      runs[r] = value + (payload[at++] ?? 0) * factor;
    }
    return runs;
  });
  try {
    return right(segmentMasks(header.width, header.height, masks, header.score));
  } catch (error) {
    return fail('masks', String(error), `runs over ${header.width} x ${header.height} pixels`);
  }
}

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Header {
  readonly width: number;
  readonly height: number;
  readonly score: number[];
  readonly runs: number[];
  readonly payload: number;
  readonly sha256: string;
}

function parseHeader(bytes: Uint8Array): Header | undefined {
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isHeader(header) ? header : undefined;
  } catch {
    return undefined;
  }
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;

function isHeader(value: unknown): value is Header {
  if (typeof value !== 'object' || value === null) return false;
  const { width, height, score, runs, payload, sha256 } = value as Partial<Record<keyof Header, unknown>>;
  return (
    isCount(width) &&
    isCount(height) &&
    isCount(payload) &&
    typeof sha256 === 'string' &&
    Array.isArray(score) &&
    score.every((s) => typeof s === 'number') &&
    Array.isArray(runs) &&
    runs.every(isCount) &&
    runs.reduce((sum: number, count: number) => sum + count, 0) <= Number(payload) &&
    runs.length === score.length
  );
}
