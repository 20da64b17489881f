import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import * as E from 'fp-ts/lib/Either.js';
import { startCpuEngine } from '../testing/cpu-engine.js';

import { optionsOf } from '../testing/tiny-runs.js';
import { train } from '../train/train.js';
import { listCheckpoints } from './checkpoint-folder.js';
import { diverging, notFinite } from './divergence.js';
import type { LossRecord } from './record.js';

const root = mkdtempSync(path.join(tmpdir(), 'nerfseg-divergence-'));
beforeAll(async () => {
  await startCpuEngine();
});
afterAll(() => rmSync(root, { recursive: true }));

describe('a loss that is no number, or grows without end', () => {
  const record = (step: number, losses: Record<string, number>): LossRecord => ({
    step,
    losses,
    learningRate: 1,
    frames: [`frame ${step}`],
    seconds: {},
  });

  it('stops training, naming step, term and frames, and leaves the checkpoints of before', async () => {
    const runFolder = path.join(root, 'nan');
    const before = tf.memory().numTensors;
    // float32 cannot hold such weights' products: the first step's update throws the second step's loss.
    const result = await train(
      optionsOf(
        { learningRate: 1e38, schedule: 'constant', checkpointEvery: 1, gradientClip: 0 },
        { runFolder },
      ),
    )();
    expect(E.isLeft(result) && result.left).toMatchObject({
      code: 'diverged',
      source: expect.stringMatching(/^step [2-6]$/),
      found: expect.stringMatching(/on frame tiny\/[01]$/),
    });
    expect((await listCheckpoints(path.join(runFolder, 'checkpoints'))).length).toBeGreaterThan(0);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names the term, not the total that follows it', () => {
    const bad = record(3, { total: Number.NaN, labels: 1, density: Number.NaN, gradientNorm: Number.NaN });
    expect(notFinite(bad)).toMatchObject({ source: 'step 3', field: "loss term 'density'" });
    expect(notFinite(record(3, { total: 1, labels: 1 }))).toBeUndefined();
  });

  it('diverging: the mean of twenty steps against the first twenty, and the worst step is named', () => {
    const history = Array.from({ length: 60 }, (_, i) =>
      record(i + 1, { labels: i < 40 ? 3 : 61, total: 3 }),
    );
    history[50] = record(51, { labels: 99, total: 3 });
    expect(diverging(history.slice(0, 45), 20)).toBeUndefined();
    expect(diverging(history, 20)).toMatchObject({ source: 'step 51', field: "loss term 'labels'" });
    expect(diverging(history, 0)).toBeUndefined();
    // A term that joins later is judged by its own beginning.
    const late = history.map((r, i) => record(r.step, i < 30 ? { total: 1 } : { total: 1, pseudo: 70 }));
    expect(diverging(late, 20)).toBeUndefined();
  });
});
