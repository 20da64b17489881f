import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rowScanner } from './row-scanner.js';
import { scanNumber } from './scan-number.js';
import { tokenTable } from './token-table.js';
import { tokenWords, wordsText } from './token-words.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(`${text}\0`);
const out = new Float64Array(1);
const numberOf = (text: string): number | undefined =>
  scanNumber(bytesOf(`${text},`), 0, out, 0) === text.length ? out[0] : undefined;

describe('scanNumber', () => {
  it('reads every double as JSON.parse does, bit for bit', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = JSON.stringify(value);
        expect(Object.is(numberOf(text), JSON.parse(text))).toBe(true);
      }),
      { seed: 1, numRuns: 3000 },
    );
    // 16 to 20 digits, as poses have them, and beyond: half of all are near the middle between two doubles.
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.bigInt({ min: 0n, max: 10n ** 21n }),
        fc.integer({ min: 1, max: 26 }),
        (negative, digits, decimals) => {
          const padded = String(digits).padStart(decimals + 1, '0');
          const text = `${negative ? '-' : ''}${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
          expect(Object.is(numberOf(text), JSON.parse(text))).toBe(true);
        },
      ),
      { seed: 2, numRuns: 20_000 },
    );
    for (const text of [
      '9007199254740993',
      '9007199254740992.5',
      '9007199254740993.0',
      '0.1e1',
      '-0',
      '1e-400',
    ])
      expect(Object.is(numberOf(text), JSON.parse(text))).toBe(true);
  });

  it.each(['-', '01', '1.', '.5', '1e', '+1', 'NaN', '1e999', '- 1'])('refuses %j', (text) => {
    expect(numberOf(text)).toBeUndefined();
  });
});

describe('rowScanner', () => {
  const scanner = rowScanner([
    { name: 'token', kind: 'token' },
    { name: 'flag', kind: 'boolean' },
    { name: 'when', kind: 'integer' },
    { name: 'name', kind: 'text' },
    { name: 'at', kind: 'numbers', count: 3 },
  ]);
  const row = {
    token: '0123456789abcdeffedcba9876543210',
    flag: true,
    when: 1532402927647951,
    name: 'Zürich',
    at: [1, -2.5, 3e-9],
  };
  const slots = () => [
    wordsText(scanner.words, 0),
    ...scanner.numbers,
    new TextDecoder().decode(scanner.bytes.subarray(scanner.ranges[0], scanner.ranges[1])),
  ];

  it('reads rows as JSON.parse does, in any order of keys and with any white space', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(Object.keys(row), { minLength: 5 }),
        fc.constantFrom(undefined, 0, 1, '\n', ' \t\r\n'),
        fc.dictionary(
          fc.string(),
          fc.oneof(
            fc.string(),
            fc.double({ noNaN: true, noDefaultInfinity: true }),
            fc.constant(null),
            fc.boolean(),
          ),
        ),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (keys, space, more, x) => {
          const values: Record<string, unknown> = { ...row, at: [x, 1, 2] };
          const text = JSON.stringify(
            { ...more, ...Object.fromEntries(keys.map((key) => [key, values[key]])) },
            undefined,
            space,
          );
          const bytes = bytesOf(text);
          const after = scanner.scan(bytes, 0);
          if (after > 0) {
            expect(after).toBe(bytes.length - 1);
            const scanned = slots();
            scanner.fill(JSON.parse(text));
            expect(slots()).toEqual(scanned);
          }
          // Only what needs JSON.parse is left to it.
          else
            expect(
              /\\|[^\x20-\x7e]|[[{].*[[{]/.test(JSON.stringify(more)) || Object.keys(more).length > 0,
            ).toBe(true);
        },
      ),
      { seed: 3, numRuns: 500 },
    );
    expect(scanner.scan(bytesOf(JSON.stringify(row)), 0)).toBeGreaterThan(0);
  });

  it('leaves rows that are cut short, lack something or are unusual to JSON.parse', () => {
    const text = JSON.stringify(row);
    for (let length = 1; length < bytesOf(text).length - 1; length++)
      expect(scanner.scan(Uint8Array.of(...bytesOf(text).subarray(0, length), 0), 0)).toBe(0);
    for (const change of [
      { token: 'short' },
      { token: row.token.toUpperCase() },
      { flag: 1 },
      { when: 1.5 },
      { when: '1' },
      { name: '' },
      { name: 'a\\b' },
      { name: undefined },
      { at: [1, 2] },
      { at: [1, 2, 3, 4] },
      { at: [1, 2, null] },
    ])
      expect(scanner.scan(bytesOf(JSON.stringify({ ...row, ...change })), 0)).toBe(0);
  });

  it('accepts nothing that JSON.parse refuses', () => {
    const bytes = bytesOf(JSON.stringify(row));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: bytes.length - 2 }),
        fc.integer({ min: 1, max: 255 }),
        (at, value) => {
          const changed = bytes.slice();
          changed[at] = value;
          const after = scanner.scan(changed, 0);
          if (after > 0) JSON.parse(new TextDecoder().decode(changed.subarray(0, after)));
        },
      ),
      { seed: 5, numRuns: 3000 },
    );
  });
});

describe('tokenTable', () => {
  it('numbers tokens as a Map does', () => {
    const table = tokenTable();
    const map = new Map<string, number>();
    // Tokens that differ in few bits, tokens twice, and others than the official.
    for (let i = 0; i < 5000; i++) {
      const token =
        i % 7 === 0 ? `scene ${i % 900}` : (i % 3000).toString(16).padStart(32, i % 2 ? '0' : 'f');
      const words = tokenWords(token);
      expect(table.find(words, 0)).toBe(map.get(token) ?? -1);
      if (!map.has(token)) map.set(token, map.size);
      expect(table.add(words, 0)).toBe(map.get(token));
    }
    expect(table.size()).toBe(map.size);
  });
});
