import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { systemCode } from './system-code.js';
import { writeAside } from './write-aside.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nerfseg-aside-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('replaces a file by text, bytes or pieces of them, and what was left aside before', async () => {
  const [file, aside] = [join(folder, 'deep', 'file'), join(folder, 'file.part')];
  await writeFile(aside, 'half of something longer');
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  for (const [content, expected] of [
    ['text', 'text'],
    [bytes('bytes'), 'bytes'],
    [[bytes('pie'), bytes('ces')], 'pieces'],
    [[], ''],
  ] as const) {
    await writeAside(file, aside, content);
    expect(await readFile(file, 'utf8')).toBe(expected);
    expect(await readdir(folder)).toEqual(['deep']);
  }
});

it('leaves what was there where writing fails, and nothing beside it', async () => {
  const [file, aside] = [join(folder, 'file'), join(folder, 'file.part')];
  await writeFile(file, 'before');
  function* pieces(): Generator<Uint8Array> {
    yield Uint8Array.of(1, 2, 3);
    throw new Error('no more');
  }
  await expect(writeAside(file, aside, pieces())).rejects.toThrow('no more');
  expect(await readFile(file, 'utf8')).toBe('before');
  await mkdir(join(folder, 'taken', 'full'), { recursive: true });
  const failed = await writeAside(join(folder, 'taken'), aside, 'text').catch(systemCode);
  expect(['EISDIR', 'ENOTEMPTY', 'EEXIST']).toContain(failed);
  expect((await readdir(folder)).sort()).toEqual(['file', 'taken']);
});
