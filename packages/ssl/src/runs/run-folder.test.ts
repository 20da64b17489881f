import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cylinder3dConfig, disposeNetwork } from '@nerfseg/backbone';
import type { FrameDataset } from '@nerfseg/datasets';
import { createRandom, dataError, lensDistortion } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { startCpuEngine } from '../testing/cpu-engine.js';
import { unwrap } from '../testing/tiny-dataset.js';
import { optionsOf, settingsOf, stopAfter, weightsAfter } from '../testing/tiny-runs.js';
import { train } from '../train/train.js';
import type { TrainOptions } from '../train/train-options.js';
import { checkpointFile, listCheckpoints } from './checkpoint-folder.js';
import type { BestRecord, ValidationRecord } from './record.js';

const { dataset } = optionsOf({});
const root = mkdtempSync(path.join(tmpdir(), 'nerfseg-run-folder-'));
beforeAll(async () => {
  await startCpuEngine();
});
afterAll(() => rmSync(root, { recursive: true }));

const flipByte = (file: string): void => {
  const bytes = new Uint8Array(readFileSync(file));
  bytes[bytes.length - 5]! ^= 1;
  writeFileSync(file, bytes);
};

describe('run folder', () => {
  it('keeps the last checkpoints and the best; a damaged newest one falls back to the one before', async () => {
    const runFolder = path.join(root, 'damaged');
    const checkpoints = path.join(runFolder, 'checkpoints');
    const options = optionsOf({ steps: 8, checkpointEvery: 2, keepCheckpoints: 2 }, { runFolder });
    const whole = await weightsAfter({ ...options, runFolder: path.join(root, 'whole') });
    expect((await stopAfter(7, options)).code).toBe('interrupted');
    expect(await listCheckpoints(checkpoints)).toEqual(expect.arrayContaining([6, 7]));
    flipByte(checkpointFile(checkpoints, 7));
    truncateSync(checkpointFile(checkpoints, 6), 1000);
    writeFileSync(path.join(checkpoints, '.step-0000009.safetensors.1.0.part'), 'half');
    // The best one so far is kept besides, if the last two are not it.
    const before = (await listCheckpoints(checkpoints)).filter((step) => step < 6);
    const notes: string[] = [];
    const steps: number[] = [];
    const resumed = await train({
      ...options,
      onNote: (line) => notes.push(line),
      onProgress: ({ step }) => steps.push(step),
    })();
    if (before.length === 0) {
      expect(E.isLeft(resumed) && resumed.left.found).toBe('2, all damaged');
      return;
    }
    const result = unwrap(resumed);
    expect(notes).toHaveLength(3);
    expect(notes[0]).toMatch(/step-0000007.*sha256: found other bytes/);
    expect(notes[2]).toBe(`Going on from the checkpoint before it, after ${before.at(-1)} steps.`);
    expect(steps[0]).toBe(before.at(-1)! + 1);
    expect(Object.values(result.network.trainable).flatMap((v) => [...v.dataSync()])).toEqual(whole.weights);
    expect(result.history.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(readdirSync(checkpoints).filter((name) => name.endsWith('.part'))).toEqual([]);
    disposeNetwork(result.network);
  });

  it('goes on again when it was stopped before it came to a damaged checkpoint', async () => {
    const runFolder = path.join(root, 'damaged ahead');
    const checkpoints = path.join(runFolder, 'checkpoints');
    const options = optionsOf({ checkpointEvery: 9 }, { runFolder });
    const whole = await weightsAfter(optionsOf({}));
    await stopAfter(2, options);
    await stopAfter(4, options);
    flipByte(checkpointFile(checkpoints, 4));
    const lean = { ...options, settings: settingsOf({ checkpointEvery: 9, keepCheckpoints: 1 }) };
    expect((await stopAfter(3, lean)).code).toBe('interrupted');
    expect(await listCheckpoints(checkpoints)).toEqual([3, 4]);
    expect((await weightsAfter(lean)).weights).toEqual(whole.weights);
  });

  it('takes a checkpoint for damaged whose counters were, and not one of before, which has no digest of them', async () => {
    const runFolder = path.join(root, 'counters');
    const options = optionsOf({ steps: 4 }, { runFolder });
    await stopAfter(2, options);
    const file = checkpointFile(path.join(runFolder, 'checkpoints'), 2);
    const whole = readFileSync(file, 'latin1');
    const [count, other] = ['{\\"step\\":2}', '{\\"step\\":3}'];
    expect(whole.includes(count)).toBe(true);
    writeFileSync(file, whole.replace(count, other), 'latin1');
    const result = await train(options)();
    expect(E.isLeft(result) && result.left.found).toBe('1, all damaged');
    writeFileSync(file, whole.replace('textSha256', 'another256'), 'latin1');
    expect((await weightsAfter(options)).history).toHaveLength(4);
  });

  it('all damaged: says so, and does not begin anew by itself', async () => {
    const runFolder = path.join(root, 'all-damaged');
    const options = optionsOf({ steps: 2 }, { runFolder });
    await weightsAfter(options);
    const file = checkpointFile(path.join(runFolder, 'checkpoints'), 2);
    writeFileSync(file, new Uint8Array(readFileSync(file)).subarray(0, 100));
    const result = await train(options)();
    expect(E.isLeft(result) && result.left).toMatchObject({ field: 'checkpoints', found: '1, all damaged' });
  });

  it.each<[string, string, Partial<TrainOptions> | object]>([
    [
      'another network',
      'network.',
      { network: cylinder3dConfig({ numClasses: 4, width: 3, pointWidths: [8, 8], voxelInputChannels: 4 }) },
    ],
    ['another setting', 'settings.learningRate', { settings: settingsOf({ learningRate: 0.02 }) }],
    ['another seed', 'random', { random: createRandom(8) }],
    ['other frames', 'dataset.labelled', { labelled: [0, 2] }],
    ['another data set', 'dataset.name', { dataset: { ...dataset, name: 'other' } }],
    ['other settings of what is kept', '', { settings: settingsOf({ checkpointEvery: 1 }) }],
  ])('refuses the checkpoint of %s, by name', async (_name, field, more) => {
    const runFolder = path.join(root, 'identity');
    if (!existsSync(runFolder)) await stopAfter(1, optionsOf({}, { runFolder }));
    const result = await train({ ...optionsOf({}, { runFolder }), ...more })();
    if (field === '') {
      disposeNetwork(unwrap(result).network);
      return;
    }
    expect(E.isLeft(result) && result.left.code).toBe('mismatch');
    expect(E.isLeft(result) && result.left.field.startsWith(field)).toBe(true);
  });

  it('detects a data set that changed since: one point moved, one label changed', async () => {
    const runFolder = path.join(root, 'changed');
    await stopAfter(1, optionsOf({}, { runFolder }));
    const changed = (labels: boolean): FrameDataset => ({
      ...dataset,
      frame: (i) => {
        const frame = dataset.frame(i);
        const touched = <A extends Float32Array | Uint8Array>(array: A): A => {
          const copy = array.slice() as A;
          copy[5] = copy[5] === 1 ? 2 : 1;
          return copy;
        };
        return {
          ...frame,
          points: labels
            ? frame.points
            : () =>
                TE.map((p: { positions: Float32Array; intensity: Float32Array }) => ({
                  ...p,
                  positions: touched(p.positions),
                }))(frame.points()),
          labels: labels ? () => TE.map(O.map((l: Uint8Array) => touched(l)))(frame.labels()) : frame.labels,
        };
      },
    });
    for (const labels of [false, true]) {
      const result = await train(optionsOf({}, { runFolder, dataset: changed(labels) }))();
      expect(E.isLeft(result) && result.left).toMatchObject({
        field: 'dataset.fingerprint',
        hint: expect.stringContaining('has changed since the run began'),
      });
    }
  });

  it('detects a lens that was calibrated anew', async () => {
    const withLens = (k1: number): FrameDataset => ({
      ...dataset,
      frame: (i) => {
        const frame = dataset.frame(i);
        const distortion = unwrap(lensDistortion('fisheye', [k1, 0, 0, 0], 'lens'));
        return { ...frame, cameras: frame.cameras.map((camera) => ({ ...camera, distortion })) };
      },
    });
    const runFolder = path.join(root, 'lens');
    const of = (k1: number): TrainOptions => optionsOf({}, { runFolder, dataset: withLens(k1) });
    await stopAfter(1, of(0.01));
    const result = await train(of(0.02))();
    expect(E.isLeft(result) && result.left.field).toBe('dataset.fingerprint');
    expect((await stopAfter(2, of(0.01))).code).toBe('interrupted');
  });

  it('validates, tells the best, keeps its checkpoint, and owes a validation that was interrupted', async () => {
    const runFolder = path.join(root, 'validated');
    const validation = { dataset, frames: [2, 3] };
    const settings = { steps: 8, validateEvery: 2, checkpointEvery: 4, keepCheckpoints: 1 };
    const told: ValidationRecord[] = [];
    const bests: BestRecord[] = [];
    const options = optionsOf(settings, {
      runFolder,
      validation,
      onValidation: (record) => told.push(record),
      onBest: (_network, best) => {
        bests.push(best);
        return TE.right(undefined);
      },
    });
    const { weights } = await weightsAfter(options);
    expect(told.map(({ step }) => step)).toEqual([2, 4, 6, 8]);
    const best = told.reduce((a, b) => (b.pointMiou > a.pointMiou ? b : a));
    expect(bests.at(-1)).toEqual({ step: best.step, by: 'mIoU', value: best.pointMiou });
    const kept = await listCheckpoints(path.join(runFolder, 'checkpoints'));
    expect(kept).toEqual([...new Set([best.step, 8])].sort());
    const lines = readFileSync(path.join(runFolder, 'history.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => Object.keys(JSON.parse(line) as object)[0])).toHaveLength(12);
    // Stopped at the very step that is to be validated.
    const other = { ...options, runFolder: path.join(root, 'owed') };
    told.length = 0;
    expect((await stopAfter(4, other)).code).toBe('interrupted');
    expect(told.map(({ step }) => step)).toEqual([2]);
    expect((await weightsAfter(other)).weights).toEqual(weights);
    expect(told.map(({ step }) => step)).toEqual([2, 4, 6, 8]);
  });

  it('saves the best network of an owed validation, also where that failed once', async () => {
    const runFolder = path.join(root, 'best owed');
    const saved: BestRecord[] = [];
    let full = true;
    const options = optionsOf(
      { validateEvery: 3, checkpointEvery: 3 },
      {
        runFolder,
        validation: { dataset, frames: [2, 3] },
        onBest: (_network, best) => {
          if (full) return TE.left(dataError('unavailable', 'disk', 'file', 'ENOSPC', 'room'));
          saved.push(best);
          return TE.right(undefined);
        },
      },
    );
    expect((await stopAfter(3, options)).code).toBe('interrupted');
    expect(E.isLeft(await train(options)())).toBe(true);
    full = false;
    await weightsAfter(options);
    expect(saved[0]?.step).toBe(3);
  });

  it('drops what a killed process told of steps after its checkpoint, and a line cut short', async () => {
    const runFolder = path.join(root, 'killed');
    const options = optionsOf({}, { runFolder });
    await stopAfter(3, options);
    const file = path.join(runFolder, 'history.jsonl');
    const line = readFileSync(file, 'utf8').split('\n')[0]!;
    writeFileSync(
      file,
      `${readFileSync(file, 'utf8')}${line.replace('"step":1,', '"step":4,')}\n{"step":5,"los`,
    );
    const { history } = await weightsAfter(options);
    expect(history.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(history[0]!.frames.every((id) => id.startsWith('tiny/'))).toBe(true);
  });

  it('a history that cannot be read: an error that names it', async () => {
    const file = path.join(root, 'no-history', 'history.jsonl');
    mkdirSync(file, { recursive: true });
    const before = tf.memory().numTensors;
    const result = await train(optionsOf({}, { runFolder: path.dirname(file) }))();
    expect(E.isLeft(result) && result.left).toMatchObject({ code: 'unreadable', source: file });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('a place that cannot be written: an error that names it', async () => {
    const runFolder = path.join(root, 'a-file');
    writeFileSync(runFolder, '');
    const result = await train(optionsOf({}, { runFolder }))();
    expect(E.isLeft(result) && result.left).toMatchObject({
      code: 'unavailable',
      source: expect.stringContaining('a-file'),
    });
  });
});
