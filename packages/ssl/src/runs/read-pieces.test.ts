import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readPieces } from './read-pieces.js';

const root = mkdtempSync(path.join(tmpdir(), 'nerfseg-pieces-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('readPieces', () => {
  it.each([1, 3, 10, 100])('reads a whole file %d bytes at a time', async (piece) => {
    const file = path.join(root, 'file');
    const bytes = Uint8Array.from({ length: 10 }, (_, i) => i);
    writeFileSync(file, bytes);
    expect(await readPieces(file, piece)).toEqual(bytes);
  });

  it('rejects for what is no file', async () => {
    await expect(readPieces(path.join(root, 'none'))).rejects.toThrow(/ENOENT/);
    await expect(readPieces(root)).rejects.toThrow(/EISDIR/);
  });
});
