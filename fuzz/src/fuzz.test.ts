import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isFailure, summarize } from './summary.js';
import { supervise } from './supervise.js';
import { targets } from './targets/index.js';

const worker = path.join(__dirname, '../dist/worker.js');

describe('damaged files', () => {
  it('end in a tagged error or a sound result: 450 cases, 30 of every kind', async () => {
    const numbers = Array.from({ length: 30 * targets.length }, (_, i) => i);
    const results = await supervise({ numbers, seed: 'quick', worker });
    expect(results.filter(isFailure)).toEqual([]);
    expect(results).toHaveLength(numbers.length);
    const { errors, sound, byTarget } = summarize(results, 'quick', 0);
    // Damage that always went unnoticed, or that nothing survived, would be no test.
    expect(errors).toBeGreaterThan(numbers.length / 4);
    expect(sound).toBeGreaterThan(numbers.length / 20);
    expect(Object.keys(byTarget)).toHaveLength(targets.length);
  }, 300_000);

  it('are the same in every run', async () => {
    const once = async () =>
      (await supervise({ numbers: [3, 4, 5], seed: 'again', worker })).map(
        ({ file, mutation, outcome, detail }) => [file, mutation, outcome, detail],
      );
    expect(await once()).toEqual(await once());
  });
});

it('the command makes the folder of its summary, and says what it knows', () => {
  const main = path.join(__dirname, '../dist/main.js');
  const run = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  const folder = mkdtempSync(path.join(tmpdir(), 'nerfseg-fuzz-'));
  try {
    const file = path.join(folder, 'new', 'summary.json');
    expect(run('--cases', '1', '--json', file).status).toBe(0);
    expect(existsSync(file)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--seed TEXT') });
  expect(run('--cses', '1')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("fuzz: Unknown option '--cses'"),
  });
});
