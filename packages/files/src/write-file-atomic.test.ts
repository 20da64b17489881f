import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { isRight } from 'fp-ts/lib/Either.js';
import { writeFileAtomic } from './write-file-atomic.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nerfseg-write-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([['a'.repeat(255)], ['é'.repeat(127)], ['🚗'.repeat(63)]])(
  'a file may have the longest name that a file system takes: %.4s...',
  async (name) => {
    const path = join(folder, name);
    expect(isRight(await writeFileAtomic(path, 'content')())).toBe(true);
    expect(await readFile(path, 'utf8')).toBe('content');
    expect((await readdir(folder)).filter((found) => found.endsWith('.part'))).toEqual([]);
  },
);

it('says which place cannot be written, and why', async () => {
  const file = join(folder, 'file');
  expect(isRight(await writeFileAtomic(file, 'content')())).toBe(true);
  expect(await writeFileAtomic(join(file, 'below'), 'content')()).toMatchObject({
    left: { code: 'unavailable', source: join(file, 'below'), field: 'path' },
  });
});
