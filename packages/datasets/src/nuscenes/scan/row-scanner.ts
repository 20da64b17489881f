import { largestSide } from '../rows.js';
import { scanNumber } from './scan-number.js';
import { tokenWords, wordsText } from './token-words.js';

/** What a field of a table holds: a token, any text, a whole number, one of pixels, true or false, or so many numbers. */
export type FieldKind = 'token' | 'text' | 'integer' | 'pixels' | 'boolean' | 'numbers';

export interface ScannedField {
  readonly name: string;
  readonly kind: FieldKind;
  /** Of 'numbers'. */
  readonly count?: number;
}

/** A row as numbers: `slot(name)` says where a field's are. */
export interface RowSlots {
  /** Tokens, 4 words each. */
  readonly words: Uint32Array;
  /** Numbers; 1 and 0 for true and false. */
  readonly numbers: Float64Array;
  /** Texts: [from, to) in `bytes`, UTF-8. */
  readonly ranges: Int32Array;
  bytes: Uint8Array;
}

export interface RowScanner extends RowSlots {
  /** The row that was last put in place by `fill`; undefined after `scan`. */
  row: Readonly<Record<string, unknown>> | undefined;
  /** A token of the row at hand, as it was written. */
  readonly tokenText: (name: string) => string;
  readonly slot: (name: string) => number;
  /**
   * Reads the object that begins at `start`, without a string or an object being made.
   *
   * @param bytes end with a zero, or the row does not end in them.
   * @returns the place after the row, or 0 for one that is not whole, lacks a field, or has something out of the
   *   ordinary (an escape, another type, a token that is not 32 hexadecimal digits): JSON.parse and the schema decide then.
   */
  readonly scan: (bytes: Uint8Array, start: number) => number;
  /** Puts a row in its place that JSON.parse has read and a schema has checked. */
  readonly fill: (row: Readonly<Record<string, unknown>>) => void;
}

const [quote, comma, colon, openBracket, closeBracket, closeBrace] = [0x22, 0x2c, 0x3a, 0x5b, 0x5d, 0x7d];
const backslash = 0x5c;
const hexValue = new Int8Array(256).fill(-1);
for (let v = 0; v < 16; v++) hexValue['0123456789abcdef'.charCodeAt(v)] = v;
const encoder = new TextEncoder();
const literals = ['true', 'false', 'null'].map((text) => encoder.encode(text));

/** The place of the next byte that is no white space. */
const skipSpace = (bytes: Uint8Array, at: number): number => {
  let i = at;
  for (let c = bytes[i]; c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09; ) c = bytes[++i];
  return i;
};

/** The place of the quote that ends a string which has begun before `at`; 0 for an escape or a control character. */
const scanText = (bytes: Uint8Array, at: number): number => {
  let i = at;
  let c = bytes[i];
  while (c !== quote) {
    if (c < 0x20 || c === backslash || c === undefined) return 0;
    c = bytes[++i];
  }
  return i;
};

const startsWith = (bytes: Uint8Array, at: number, word: Uint8Array): boolean => {
  for (let k = 0; k < word.length; k++) if (bytes[at + k] !== word[k]) return false;
  return true;
};

/** The place after a string, number, true, false or null; 0 for anything else. */
const skipValue = (bytes: Uint8Array, at: number): number => {
  const c = bytes[at];
  if (c === quote) {
    const end = scanText(bytes, at + 1);
    return end === 0 ? 0 : end + 1;
  }
  for (const word of literals) if (c === word[0]) return startsWith(bytes, at, word) ? at + word.length : 0;
  return scanNumber(bytes, at, undefined, 0);
};

/** 32 hexadecimal digits and a quote as 4 words; whether they were there. */
const scanToken = (bytes: Uint8Array, at: number, words: Uint32Array, slot: number): boolean => {
  let bad = 0;
  for (let w = 0, i = at; w < 4; w++) {
    let word = 0;
    for (const end = i + 8; i < end; i++) {
      const value = hexValue[bytes[i]];
      bad |= value;
      word = (word << 4) | value;
    }
    words[slot + w] = word;
  }
  return bad >= 0 && bytes[at + 32] === quote;
};

/**
 * Makes the reader of a table's rows.
 *
 * @param fields at most 30.
 * @param wanted asked once the first token of a row is known; of a row that is not wanted the numbers are not converted.
 */
export const rowScanner = (fields: readonly ScannedField[], wanted?: () => boolean): RowScanner => {
  const keys = fields.map(({ name }) => encoder.encode(`${name}"`));
  const slots: number[] = [];
  let [numWords, numNumbers, numRanges] = [0, 0, 0];
  for (const { kind, count = 1 } of fields) {
    slots.push(kind === 'token' ? numWords : kind === 'text' ? numRanges : numNumbers);
    if (kind === 'token') numWords += 4;
    else if (kind === 'text') numRanges += 2;
    else numNumbers += count;
  }
  const words = new Uint32Array(numWords);
  const numbers = new Float64Array(numNumbers);
  const ranges = new Int32Array(numRanges);
  const all = 2 ** fields.length - 1;
  // The keys of the last row, in its order: those of the next are nearly always the same.
  const expectedKeys: Uint8Array[] = [];
  const expectedFields: number[] = [];

  const findKey = (bytes: Uint8Array, at: number, position: number): boolean => {
    const end = scanText(bytes, at);
    if (end === 0 || position > 60) return false;
    expectedKeys[position] = bytes.slice(at, end + 1);
    expectedFields[position] = keys.findIndex(
      (key) => key.length === end + 1 - at && startsWith(bytes, at, key),
    );
    return true;
  };

  const scanner: RowScanner = {
    words,
    numbers,
    ranges,
    bytes: new Uint8Array(0),
    row: undefined,
    tokenText: (name) => String(scanner.row?.[name] ?? wordsText(words, scanner.slot(name))),
    slot: (name) => slots[fields.findIndex((field) => field.name === name)],
    scan: (bytes, start) => {
      let i = start + 1;
      let seen = 0;
      let converted: Float64Array | undefined = numbers;
      for (let position = 0; ; position++) {
        i = skipSpace(bytes, i);
        if (bytes[i] !== quote) return 0;
        i++;
        if (position >= expectedKeys.length || !startsWith(bytes, i, expectedKeys[position]))
          if (!findKey(bytes, i, position)) return 0;
        i = skipSpace(bytes, i + expectedKeys[position].length);
        if (bytes[i] !== colon) return 0;
        i = skipSpace(bytes, i + 1);
        const field = expectedFields[position];
        if (field < 0) i = skipValue(bytes, i);
        else {
          const slot = slots[field];
          switch (fields[field].kind) {
            case 'token':
              if (bytes[i] !== quote || !scanToken(bytes, i + 1, words, slot)) return 0;
              i += 34;
              if (slot === 0 && wanted && !wanted()) converted = undefined;
              break;
            case 'text': {
              const end = bytes[i] === quote ? scanText(bytes, i + 1) : 0;
              if (end <= i + 1) return 0;
              ranges[slot] = i + 1;
              ranges[slot + 1] = end;
              i = end + 1;
              break;
            }
            case 'boolean': {
              const value = startsWith(bytes, i, literals[0]);
              if (!value && !startsWith(bytes, i, literals[1])) return 0;
              numbers[slot] = value ? 1 : 0;
              i += value ? 4 : 5;
              break;
            }
            case 'integer':
              i = scanNumber(bytes, i, numbers, slot);
              if (!Number.isSafeInteger(numbers[slot])) return 0;
              break;
            case 'pixels':
              i = scanNumber(bytes, i, numbers, slot);
              if (!(numbers[slot] >= 0 && numbers[slot] <= largestSide && Number.isInteger(numbers[slot])))
                return 0;
              break;
            case 'numbers': {
              if (bytes[i] !== openBracket) return 0;
              const { count = 1 } = fields[field];
              for (let n = 0; n < count; n++) {
                i = scanNumber(bytes, skipSpace(bytes, i + 1), converted, slot + n);
                if (i === 0) return 0;
                i = skipSpace(bytes, i);
                if (bytes[i] !== (n === count - 1 ? closeBracket : comma)) return 0;
              }
              i++;
            }
          }
          seen |= 1 << field;
        }
        if (i === 0) return 0;
        i = skipSpace(bytes, i);
        if (bytes[i] === closeBrace) break;
        if (bytes[i] !== comma) return 0;
        i++;
      }
      if (seen !== all) return 0;
      scanner.bytes = bytes;
      scanner.row = undefined;
      return i + 1;
    },
    fill: (row) => {
      const texts = fields.filter((field) => field.kind === 'text').map((field) => String(row[field.name]));
      scanner.row = row;
      scanner.bytes = encoder.encode(texts.join(''));
      let at = 0;
      fields.forEach(({ name, kind, count = 1 }, f) => {
        const value = row[name];
        const slot = slots[f];
        if (kind === 'token') words.set(tokenWords(String(value)), slot);
        else if (kind === 'numbers') numbers.set((value as readonly number[]).slice(0, count), slot);
        else if (kind !== 'text') numbers[slot] = Number(value ?? 0);
        else {
          ranges[slot] = at;
          at += encoder.encode(String(value)).length;
          ranges[slot + 1] = at;
        }
      });
    },
  };
  return scanner;
};
