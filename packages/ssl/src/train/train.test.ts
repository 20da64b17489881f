import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cylinder3dConfig, disposeNetwork } from '@nerfseg/backbone';
import { createRandom } from '@nerfseg/geometry';
import { segmentMasks } from '@nerfseg/pseudolabel';
import { disposeNerfHead } from '@nerfseg/render';
import * as tf from '@tensorflow/tfjs-core';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { evaluate } from '../evaluate.js';
import { type MethodName, methodNames } from '../methods/method-names.js';
import { startCpuEngine } from '../testing/cpu-engine.js';
import { tinyDataset, tinyGrid, unwrap } from '../testing/tiny-dataset.js';
import { trainSettings } from './settings.js';
import { train } from './train.js';
import type { TrainOptions } from './train-options.js';

const network = cylinder3dConfig({ numClasses: 4, width: 2, pointWidths: [8, 8], voxelInputChannels: 4 });
const settings = {
  steps: 6,
  learningRate: 0.01,
  lidarRays: 32,
  raysPerCamera: 64,
  samplesPerRay: 12,
  cameras: 1,
  headWidth: 8,
  confidentEntropy: 1,
  segmentEntropy: 1,
  minOpacity: 0,
  viewGap: 0,
  labelledPerStep: 1,
};

const optionsOf = (method: MethodName, more: Partial<TrainOptions> = {}): TrainOptions => {
  const { dataset, masks } = tinyDataset(4);
  return {
    dataset,
    masks,
    labelled: [0, 1],
    unlabelled: [2, 3],
    grid: tinyGrid,
    network,
    settings: trainSettings.parse({ ...settings, method }),
    random: createRandom(7),
    ...more,
  };
};

const weightsOf = (result: { network: { trainable: Readonly<Record<string, tf.Variable>> } }): number[] =>
  Object.values(result.network.trainable).flatMap((v) => [...v.dataSync()]);

/** What each method minimises besides the labelled loss. */
const rendering = ['density', 'freeSpace', 'nerf', 'pseudo'];
const termsOf: Record<MethodName, string[]> = {
  supervised: [],
  'mean-teacher': ['consistency'],
  cbst: ['pseudoVoxels'],
  cps: ['cross', 'peerCross', 'peerLabels'],
  lasermix: ['consistency', 'mixed'],
  'multi-view': ['pseudoVoxels'],
  projection: ['pseudoVoxels'],
  nerf: [...rendering, 'pseudoVoxels'],
  'nerf-mean-teacher': [...rendering, 'pseudoVoxels', 'consistency'],
  'multi-view-lasermix': ['pseudoVoxels', 'consistency', 'mixed'],
  'nerf-lasermix': [...rendering, 'pseudoVoxels', 'consistency', 'mixed'],
};

describe('train', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nerfseg-train-'));
  beforeAll(async () => {
    await startCpuEngine();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(methodNames)('%s: runs, reports its losses, leaks nothing', async (method) => {
    const before = tf.memory().numTensors;
    const short = trainSettings.parse({ ...settings, method, steps: 3 });
    const result = unwrap(await train(optionsOf(method, { settings: short }))());
    expect(result.history).toHaveLength(3);
    for (const { losses } of result.history)
      for (const loss of Object.values(losses)) expect(Number.isFinite(loss)).toBe(true);
    const last = Object.keys(result.history[2]!.losses).sort();
    expect(last).toEqual([...termsOf[method], 'gradientNorm', 'labels', 'total'].sort());
    disposeNetwork(result.network);
    if (result.head) disposeNerfHead(result.head);
    expect(result.head !== undefined).toBe(method.startsWith('nerf'));
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    { renderLevels: 'finest' },
    { labelledBy: 'student' },
    { pseudoSegments: false },
    { pseudoSampling: 'random' },
  ] as const)('nerf without a part of it: %j', async (part) => {
    const before = tf.memory().numTensors;
    const short = (over: object) => trainSettings.parse({ ...settings, method: 'nerf', steps: 3, ...over });
    const whole = unwrap(await train(optionsOf('nerf', { settings: short({}) }))());
    const result = unwrap(await train(optionsOf('nerf', { settings: short(part) }))());
    expect(Number.isFinite(result.history[2]!.losses.total)).toBe(true);
    expect(result.history[2]!.losses).not.toEqual(whole.history[2]!.losses);
    expect(result.head!.config.levelChannels).toHaveLength('renderLevels' in part ? 1 : 5);
    for (const { network, head } of [whole, result]) {
      disposeNetwork(network);
      disposeNerfHead(head!);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('learns the tiny world: the loss falls and the score is far above chance', async () => {
    const options = optionsOf('supervised', {
      settings: trainSettings.parse({ ...settings, steps: 60, averageDecay: 0.8 }),
    });
    const result = unwrap(await train(options)());
    const mean = (from: number, to: number): number =>
      result.history.slice(from, to).reduce((sum, { losses }) => sum + losses.labels!, 0) / (to - from);
    expect(mean(50, 60)).toBeLessThan(0.6 * mean(0, 5));
    const scores = unwrap(await evaluate(result.network, options.dataset, [2, 3], { grid: tinyGrid })());
    expect(scores.point.miou).toBeGreaterThan(0.5);
    expect(scores.voxel.count).toBeGreaterThan(100);
    expect(scores.official.scores.miou).toBe(scores.point.miou);
    const counts = scores.official.byDistance.map((range) => range.scores.count);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(scores.point.count);
    const before = tf.memory().numTensors;
    const averaged = unwrap(
      await evaluate(result.network, options.dataset, [2, 3], {
        grid: tinyGrid,
        views: 4,
        distances: [0, 5],
      })(),
    );
    expect(tf.memory().numTensors).toBe(before);
    expect(averaged.point.count).toBe(scores.point.count);
    expect(averaged.point.miou).toBeGreaterThan(0.5);
    expect(averaged.point).not.toEqual(scores.point);
    expect(averaged.official.byDistance.map(({ from }) => from)).toEqual([0, 5]);
    disposeNetwork(result.network);
  });

  // Together they have all that a method can add: heads, a second network, a round's network and thresholds, mixed scans.
  it.each(['cbst', 'cps', 'nerf-lasermix'] as const)(
    '%s is deterministic, and a run that was interrupted ends where the uninterrupted one does',
    async (method) => {
      const whole = unwrap(await train(optionsOf(method))());
      const abort = new AbortController();
      const runFolder = path.join(folder, `resumed ${method}`);
      const first = await train(
        optionsOf(method, {
          runFolder,
          signal: abort.signal,
          onProgress: ({ step }) => {
            if (step === 3) abort.abort();
          },
        }),
      )();
      expect(E.isLeft(first) && first.left.code).toBe('interrupted');
      const steps: number[] = [];
      const second = unwrap(
        await train(optionsOf(method, { runFolder, onProgress: ({ step }) => steps.push(step) }))(),
      );
      expect(steps).toEqual([4, 5, 6]);
      expect(second.history.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(weightsOf(second)).toEqual(weightsOf(whole));
      for (const { network: n, head } of [whole, second]) {
        disposeNetwork(n);
        if (head) disposeNerfHead(head);
      }
    },
  );

  it.each(['mean-teacher', 'cbst', 'cps', 'lasermix'] as const)(
    '%s learns: the labelled loss falls',
    async (method) => {
      const options = optionsOf(method, {
        // At the published weight of 250 the network is held to an average that has hardly learnt after so few steps.
        settings: trainSettings.parse({
          ...settings,
          method,
          steps: 16,
          pseudoStart: 0.2,
          consistencyWeight: 25,
          augment: false,
        }),
      });
      const { history, network: learnt } = unwrap(await train(options)());
      const mean = (from: number, to: number): number =>
        history.slice(from, to).reduce((sum, { losses }) => sum + losses.labels!, 0) / (to - from);
      expect(mean(13, 16)).toBeLessThan(0.9 * mean(0, 3));
      disposeNetwork(learnt);
    },
  );

  it('refuses the checkpoint of another run', async () => {
    const runFolder = path.join(folder, 'other');
    const result = unwrap(await train(optionsOf('supervised', { runFolder }))());
    disposeNetwork(result.network);
    const other = await train(optionsOf('supervised', { runFolder, labelled: [0] }))();
    expect(E.isLeft(other) && other.left).toMatchObject({
      code: 'mismatch',
      field: 'dataset.labelled',
      hint: expect.stringContaining('Choose another folder'),
    });
  });

  it('frees everything where what it was given throws', async () => {
    const before = tf.memory().numTensors;
    const masks = () => {
      throw new Error('no such segmenter');
    };
    const short = trainSettings.parse({ ...settings, method: 'projection', pseudoStart: 0 });
    const run = train(optionsOf('projection', { masks, settings: short }))();
    await expect(run).rejects.toThrow('no such segmenter');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('tells bad input apart', async () => {
    const failure = async (options: TrainOptions): Promise<string> => {
      const before = tf.memory().numTensors;
      const result = await train(options)();
      expect(tf.memory().numTensors).toBe(before);
      return E.isLeft(result) ? `${result.left.code} ${result.left.field}` : 'no error';
    };
    expect(await failure(optionsOf('nerf', { unlabelled: [] }))).toBe('empty unlabelled');
    expect(await failure(optionsOf('cps', { unlabelled: [] }))).toBe('empty unlabelled');
    const shares = trainSettings.parse({ ...settings, method: 'cbst', selfTrainingShare: 0.6 });
    expect(await failure(optionsOf('cbst', { settings: shares }))).toBe('mismatch selfTrainingShare');
    expect(trainSettings.safeParse({ mixInclination: [3, -25] }).success).toBe(false);
    expect(await failure(optionsOf('supervised', { labelled: [] }))).toBe('empty labelled');
    const { masks: _, ...withoutMasks } = optionsOf('nerf');
    expect(await failure(withoutMasks)).toBe('mismatch masks');
    expect(await failure(optionsOf('supervised', { network: { ...network, numClasses: 5 } }))).toBe(
      'mismatch network.numClasses',
    );
    const half = segmentMasks(24, 16, [Uint32Array.of(0, 24 * 16)], [1]);
    const ofHalf = { masks: () => TE.right(half) };
    expect(await failure(optionsOf('projection', ofHalf))).toBe('mismatch masks');
    const { dataset } = tinyDataset(4);
    const blind = { ...dataset, frame: (i: number) => ({ ...dataset.frame(i), cameras: [] }) };
    expect(await failure(optionsOf('nerf-lasermix', { dataset: blind }))).toBe('empty cameras');
    const four = trainSettings.parse({ ...settings, method: 'multi-view', viewsNeeded: 4 });
    expect(await failure(optionsOf('multi-view', { settings: four }))).toBe('mismatch viewsNeeded');
    const broken = tinyDataset(4, { points: 1 }).dataset;
    expect(await failure(optionsOf('supervised', { dataset: broken }))).toBe('truncated size');
    const unlabelled = tinyDataset(4, { unlabelled: [0] }).dataset;
    expect(await failure(optionsOf('supervised', { dataset: unlabelled }))).toBe('not-found labels');
  });
});
