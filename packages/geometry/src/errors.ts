/** What went wrong, coarsely; the other fields of {@link DataError} say exactly where and how. */
export type DataErrorCode =
  | 'missing-file'
  | 'unreadable'
  | 'truncated'
  | 'malformed'
  | 'mismatch'
  | 'out-of-range'
  | 'not-found'
  | 'empty'
  | 'unavailable'
  | 'diverged'
  | 'interrupted';

/** Bad input, told as a record: never thrown across a package's border, always returned in an `Either`. */
export interface DataError {
  readonly _tag: 'DataError';
  readonly code: DataErrorCode;
  /** The file, or the name of the in-memory input, that is at fault. */
  readonly source: string;
  /** The field, row, token or argument within the source. */
  readonly field: string;
  readonly found: string;
  readonly expected: string;
  /** What the reader may do about it, where that is not obvious. */
  readonly hint?: string;
}

/** What was found comes from files: it may be a line of a megabyte, or an empty text. */
const shortened = (text: string): string => {
  if (text === '') return "''";
  return text.length > 400 ? `${text.slice(0, 400)}...` : text;
};

/** Makes a {@link DataError}; long texts are cut. */
export const dataError = (
  code: DataErrorCode,
  source: string,
  field: string,
  found: string,
  expected: string,
  hint?: string,
): DataError => ({
  _tag: 'DataError',
  code,
  source,
  field: shortened(field),
  found: shortened(found),
  expected,
  ...(hint === undefined ? {} : { hint }),
});

/** One line for people: `source: field: found X, expected Y. Hint`. */
export const formatError = (e: DataError): string =>
  `${e.source}: ${e.field}: found ${e.found}, expected ${e.expected}.${e.hint ? ` ${e.hint}` : ''}`;
