import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { guard } from '../files/guard.js';
import { failure, get, scratch } from '../testing/scene.test.helper.js';
import { type ReadJsonRowsOptions, readJsonRows } from './read-json-rows.js';

const rowsOf = (path: string, options?: ReadJsonRowsOptions) =>
  guard(async () => {
    const rows: unknown[] = [];
    await readJsonRows(path, (row) => rows.push(row), options);
    return rows;
  });

const file = async (text: string): Promise<string> => {
  const path = join(await scratch(), 'table.json');
  await writeFile(path, text);
  return path;
};

describe('readJsonRows', () => {
  const rows = [
    { token: 'a', text: 'brackets ]}[{ and "quotes" and \\' },
    {},
    { nested: { deep: [[1, 2], { x: ['}'] }] }, unicode: 'Zürich 東京 🚗' },
    { long: 'x'.repeat(300) },
  ];

  it('reads what JSON.parse reads, wherever the chunks end', async () => {
    for (const text of [
      JSON.stringify(rows),
      JSON.stringify(rows, undefined, 2),
      `\n ${JSON.stringify(rows)}\r\n`,
    ]) {
      const path = await file(text);
      for (const chunkBytes of [1, 2, 3, 7, 64, 1000, 1 << 20])
        expect(await get(rowsOf(path, { chunkBytes }))).toEqual(rows);
    }
    expect(await get(rowsOf(await file('[]')))).toEqual([]);
  });

  it('lets rows be taken, wherever the chunks end', async () => {
    const texts = Array.from({ length: 20 }, (_, i) => ({ i, keep: i % 3 === 0 }));
    const path = await file(JSON.stringify(texts));
    for (const chunkBytes of [1, 20, 33, 1000]) {
      const taken: unknown[] = [];
      const rest = await get(
        rowsOf(path, {
          chunkBytes,
          take: (bytes, start) => {
            const end = bytes.indexOf(0x7d, start) + 1;
            if (end === 0) return 0;
            // The bytes end with a zero: what lies after it is of an earlier chunk.
            if (bytes.indexOf(0, start) < end) return 0;
            const row = JSON.parse(new TextDecoder().decode(bytes.subarray(start, end)));
            if (!row.keep) return 0;
            taken.push(row);
            return end;
          },
        }),
      );
      expect([...taken, ...rest].sort((a, b) => (a as { i: number }).i - (b as { i: number }).i)).toEqual(
        texts,
      );
    }
  });

  it.each([
    ['', 'truncated'],
    ['[', 'truncated'],
    ['[{"a": 1}', 'truncated'],
    ['[{"a": 1', 'truncated'],
    ['{"a": 1}', 'malformed'],
    ['[{"a": 1}] x', 'malformed'],
    ['[{"a": 1}][]', 'malformed'],
    ['[1, 2]', 'malformed'],
    ['["a"]', 'malformed'],
    ['[[{}]]', 'malformed'],
    ['[{"a": }]', 'malformed'],
    ['<html>', 'malformed'],
  ])('tells that %j is %s', async (text, code) => {
    const path = await file(text);
    expect(await failure(rowsOf(path))).toMatchObject({ code, source: path });
  });

  it('tells that the file is missing', async () => {
    expect(await failure(rowsOf('nowhere/sample.json'))).toMatchObject({
      code: 'missing-file',
      source: 'nowhere/sample.json',
    });
  });
});
