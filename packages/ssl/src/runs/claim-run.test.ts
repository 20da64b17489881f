import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as E from 'fp-ts/lib/Either.js';
import { startCpuEngine } from '../testing/cpu-engine.js';
import { optionsOf, stopAfter, weightsAfter } from '../testing/tiny-runs.js';
import { train } from '../train/train.js';
import { claimRun } from './claim-run.js';

const root = mkdtempSync(path.join(tmpdir(), 'nerfseg-claim-run-'));
beforeAll(async () => {
  await startCpuEngine();
});
afterAll(() => rmSync(root, { recursive: true }));

const scratch = (): string => mkdtempSync(path.join(root, 'run-'));
/** A claim of a machine that nobody knows. */
const foreign = (folder: string): string => {
  const file = path.join(folder, '.in-use.0');
  writeFileSync(file, JSON.stringify({ machine: 'elsewhere', host: 'elsewhere', pid: 7 }));
  return file;
};

describe('a run folder', () => {
  it('is refused while a process is at work on it, which goes on undisturbed', async () => {
    const runFolder = scratch();
    const options = optionsOf({ steps: 4 }, { runFolder });
    const undisturbed = await weightsAfter({ ...options, runFolder: scratch() });
    await stopAfter(1, options);
    const second: unknown[] = [];
    const { weights, history } = await weightsAfter({
      ...options,
      onOpen: async () => {
        second.push(await train(options)());
        return E.right(undefined);
      },
    });
    expect(second).toEqual([
      E.left(
        expect.objectContaining({
          code: 'unavailable',
          source: runFolder,
          found: expect.stringContaining(`process ${process.pid} on `),
        }),
      ),
    ]);
    expect(weights).toEqual(undisturbed.weights);
    expect(history).toHaveLength(4);
    expect(readdirSync(runFolder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('is let go where the run cannot be opened', async () => {
    const runFolder = scratch();
    await stopAfter(1, optionsOf({}, { runFolder }));
    const other = await train(optionsOf({ learningRate: 0.5 }, { runFolder }))();
    expect(other).toMatchObject({ left: { code: 'mismatch' } });
    await stopAfter(2, optionsOf({}, { runFolder }));
  });

  it("is taken over when another machine's process shows no life, with a word of it", async () => {
    const folder = scratch();
    foreign(folder);
    const notes: string[] = [];
    const claimed = await claimRun(folder, { silence: 200, note: (line) => notes.push(line) })();
    expect(notes).toEqual([expect.stringContaining('process 7 on elsewhere')]);
    if (E.isLeft(claimed)) throw new Error(claimed.left.found);
    await claimed.right();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is refused when another machine's process shows life, and at Ctrl-C", async () => {
    const folder = scratch();
    const file = foreign(folder);
    let beat = 0;
    const alive = setInterval(() => utimesSync(file, ++beat, beat), 20);
    try {
      expect(await claimRun(folder, { silence: 400, note: () => {} })()).toMatchObject({
        left: { code: 'unavailable', found: 'process 7 on elsewhere, at work on it' },
      });
      const signal = AbortSignal.abort();
      expect(await claimRun(folder, { note: () => {}, signal })()).toMatchObject({
        left: { code: 'interrupted' },
      });
    } finally {
      clearInterval(alive);
    }
    expect(existsSync(file)).toBe(true);
  });
});
