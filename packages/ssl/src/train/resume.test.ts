import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadWeights } from '@nerfseg/backbone';
import * as E from 'fp-ts/lib/Either.js';
import type { BestRecord } from '../runs/record.js';
import { startCpuEngine } from '../testing/cpu-engine.js';
import { tinyDataset, unwrap } from '../testing/tiny-dataset.js';
import { optionsOf, stopAfter, weightsAfter } from '../testing/tiny-runs.js';
import { train } from './train.js';

const root = mkdtempSync(path.join(tmpdir(), 'nerfseg-resume-'));
beforeAll(async () => {
  await startCpuEngine();
});
afterAll(() => rmSync(root, { recursive: true }));

describe('a run folder', () => {
  it('of another run is refused before anything is written beside it', async () => {
    const runFolder = path.join(root, 'opened');
    const opened: number[] = [];
    const onOpen = async () => {
      opened.push(1);
      return E.right(undefined);
    };
    await weightsAfter(optionsOf({ steps: 2 }, { runFolder, onOpen }));
    expect(opened).toEqual([1]);
    const other = await train(optionsOf({ steps: 3 }, { runFolder, onOpen }))();
    expect(other).toMatchObject({ left: { field: 'settings.steps' } });
    expect(opened).toEqual([1]);
  });

  it('has a best network by mIoU where a run begins to validate when it is resumed', async () => {
    const validation = { dataset: tinyDataset(4).dataset, frames: [2, 3] };
    const runFolder = path.join(root, 'validates late');
    await stopAfter(3, optionsOf({ steps: 6, checkpointEvery: 2 }, { runFolder }));
    const best: BestRecord[] = [];
    await weightsAfter(
      optionsOf(
        { steps: 6, checkpointEvery: 2, validateEvery: 1 },
        {
          runFolder,
          validation,
          onBest: (_, record) => async () => {
            best.push(record);
            return E.right(undefined);
          },
        },
      ),
    );
    expect(best.length).toBeGreaterThan(0);
    expect(best.every(({ by }) => by === 'mIoU')).toBe(true);
    // And keeps it where the run ceases to validate.
    const late = path.join(root, 'ceases to validate');
    const of = (validateEvery: number) =>
      optionsOf(
        { steps: 6, checkpointEvery: 1, validateEvery },
        { runFolder: late, ...(validateEvery > 0 ? { validation } : {}) },
      );
    await stopAfter(3, of(1));
    await weightsAfter(of(0));
    const kept = readdirSync(path.join(late, 'checkpoints')).filter((name) => name.endsWith('.safetensors'));
    const newest = unwrap(await loadWeights(path.join(late, 'checkpoints', kept.sort().at(-1)!))());
    expect(JSON.parse(newest.metadata.best!)).toMatchObject({ by: 'mIoU' });
  });
});

describe('self-training', () => {
  it('looks at its scans once a round, however many batches make a step', async () => {
    const { dataset } = tinyDataset(6);
    const read = { points: 0 };
    const counted = {
      ...dataset,
      frame: (i: number) => {
        const frame = dataset.frame(i);
        return {
          ...frame,
          points: () => {
            if (i >= 2) read.points++;
            return frame.points();
          },
        };
      },
    };
    const reads = async (accumulate: number, scans: number): Promise<number> => {
      read.points = 0;
      const settings = { method: 'cbst', steps: 4, pseudoStart: 0.5, selfTrainingRounds: 1, accumulate };
      await weightsAfter(
        optionsOf(
          { ...settings, selfTrainingScans: scans },
          { dataset: counted, labelled: [0, 1], unlabelled: [2, 3, 4, 5] },
        ),
      );
      return read.points;
    };
    for (const accumulate of [1, 3])
      expect((await reads(accumulate, 4)) - (await reads(accumulate, 1))).toBe(3);
  });
});

describe('optimisation settings', () => {
  it.each([
    { optimizer: 'sgd', nesterov: true, schedule: 'poly', warmup: 0.2 },
    { accumulate: 2, schedule: 'cosine' },
  ])('%j: stops and resumes to the same weights', async (settings) => {
    const whole = await weightsAfter(optionsOf({ ...settings, steps: 4 }));
    const runFolder = path.join(root, JSON.stringify(settings).replace(/\W+/g, '-'));
    const options = optionsOf({ ...settings, steps: 4 }, { runFolder });
    await stopAfter(2, options);
    expect((await weightsAfter(options)).weights).toEqual(whole.weights);
    expect(whole.history.every(({ losses }) => losses.gradientNorm! > 0)).toBe(true);
    if ('accumulate' in settings) expect(whole.history[0]!.frames).toHaveLength(2);
  });
});
