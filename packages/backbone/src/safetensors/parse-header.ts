import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { errorText } from '../error-text.js';
import { bytesOf, type SafetensorsDtype } from './types.js';

/** One tensor as the header describes it; offsets count from the end of the header. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isCounts = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 60);

function parseEntry(
  name: string,
  value: unknown,
  available: number,
  source: string,
): Either<DataError, HeaderEntry> {
  const wrong = (
    code: 'malformed' | 'truncated' | 'mismatch',
    field: string,
    found: string,
    expected: string,
  ) => left(dataError(code, source, `${name}.${field}`, found, expected));
  if (!isObject(value)) return left(dataError('malformed', source, name, show(value), 'an object'));
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(bytesOf, dtype))
    return wrong('malformed', 'dtype', show(dtype), Object.keys(bytesOf).join(', '));
  if (!isCounts(shape)) return wrong('malformed', 'shape', show(shape), 'a list of counts');
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1])
    return wrong('malformed', 'data_offsets', show(offsets), 'begin <= end');
  const [begin, end] = offsets as [number, number];
  if (end > available)
    return wrong('truncated', 'data_offsets', `${available} bytes of data`, `${end} bytes`);
  const known = dtype as SafetensorsDtype;
  const bytes = shape.reduce((product, n) => product * n, bytesOf[known]);
  if (bytes !== end - begin)
    return wrong('mismatch', 'shape', `${show(shape)} of ${known}, ${bytes} bytes`, `${end - begin} bytes`);
  return right({ name, dtype: known, shape, begin, end });
}

function parseMetadata(value: unknown, source: string): Either<DataError, Record<string, string>> {
  if (!isObject(value) || Object.values(value).some((text) => typeof text !== 'string'))
    return left(dataError('malformed', source, '__metadata__', show(value), 'texts by name'));
  return right(Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)])));
}

/** Tensors must lie back to back and fill the data exactly, as the format demands: no overlap, no hole, no rest. */
function checkCoverage(
  entries: readonly HeaderEntry[],
  available: number,
  source: string,
): DataError | undefined {
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== end)
      return dataError(
        'malformed',
        source,
        `${entry.name}.data_offsets`,
        `begin ${entry.begin}, ${entry.begin < end ? 'an overlap' : 'a hole'}`,
        `begin ${end}`,
      );
    end = entry.end;
  }
  return end === available
    ? undefined
    : dataError('mismatch', source, 'data', `${available} bytes`, `${end} bytes, as the header says`);
}

/** Parses and checks a header against the number of data bytes that follow it. */
export function parseHeader(text: Uint8Array, available: number, source: string): Either<DataError, Header> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch (error) {
    return left(dataError('malformed', source, 'header', errorText(error), 'JSON in UTF-8'));
  }
  if (!isObject(value)) return left(dataError('malformed', source, 'header', show(value), 'a JSON object'));
  const entries: HeaderEntry[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, field] of Object.entries(value)) {
    if (name === '__metadata__') {
      const parsed = parseMetadata(field, source);
      if (isLeft(parsed)) return parsed;
      metadata = parsed.right;
    } else {
      const parsed = parseEntry(name, field, available, source);
      if (isLeft(parsed)) return parsed;
      entries.push(parsed.right);
    }
  }
  const wrong = checkCoverage(entries, available, source);
  return wrong ? left(wrong) : right({ entries, metadata });
}
