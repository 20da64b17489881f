import {
  existsSync,
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
import { createRandom, type DataError } from '@nerfseg/geometry';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { tinyDataset, tinyGrid, unwrap } from '../testing/tiny-dataset.js';
import { trainSettings } from '../train/settings.js';
import { train } from '../train/train.js';
import type { TrainOptions } from '../train/train-options.js';
import { checkpointFile, listCheckpoints } from './checkpoint-folder.js';
import { crc32c, maskedCrc32c } from './crc32c.js';
import { diverging, notFinite } from './divergence.js';
import { encodeEvent } from './encode-event.js';
import type { BestRecord, LossRecord, ValidationRecord } from './record.js';

const network = cylinder3dConfig({ numClasses: 4, width: 2, pointWidths: [8, 8], voxelInputChannels: 4 });
const { dataset } = tinyDataset(4);
const root = mkdtempSync(path.join(tmpdir(), 'nerfseg-runs-'));
beforeAll(async () => {
  await tf.setBackend('cpu');
});
afterAll(() => rmSync(root, { recursive: true }));

const settingsOf = (more: object) =>
  trainSettings.parse({ steps: 6, labelledPerStep: 1, learningRate: 0.01, ...more });

const optionsOf = (settings: object, more: Partial<TrainOptions> = {}): TrainOptions => ({
  dataset,
  labelled: [0, 1],
  unlabelled: [],
  grid: tinyGrid,
  network,
  settings: settingsOf(settings),
  random: createRandom(7),
  ...more,
});

/** Trains to the end; gives the final weights and the history. */
async function weightsAfter(
  options: TrainOptions,
): Promise<{ weights: number[]; history: readonly LossRecord[] }> {
  const result = unwrap(await train(options)());
  const weights = Object.values(result.network.trainable).flatMap((v) => [...v.dataSync()]);
  disposeNetwork(result.network);
  return { weights, history: result.history };
}

/** Trains until so many steps are done, then presses Ctrl-C. */
async function stopAfter(step: number, options: TrainOptions): Promise<DataError> {
  const abort = new AbortController();
  const onProgress = (record: LossRecord): void => {
    if (record.step === step) abort.abort();
  };
  const result = await train({ ...options, signal: abort.signal, onProgress })();
  if (E.isRight(result)) throw new Error('it was not stopped');
  return result.left;
}

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

describe("TensorBoard's files", () => {
  /** Reads records and their events as the formats say: written apart from the writer. */
  function decode(
    file: Uint8Array,
  ): { step: number; wallTime: number; text?: string; start: boolean; scalars: Record<string, number> }[] {
    const view = new DataView(file.buffer, file.byteOffset, file.length);
    const events = [];
    for (let at = 0; at < file.length; ) {
      const length = Number(view.getBigUint64(at, true));
      expect(view.getUint32(at + 8, true)).toBe(maskedCrc32c(file.subarray(at, at + 8)));
      const data = file.subarray(at + 12, at + 12 + length);
      expect(view.getUint32(at + 12 + length, true)).toBe(maskedCrc32c(data));
      at += 16 + length;
      const event = {
        step: 0,
        wallTime: 0,
        start: false,
        scalars: {} as Record<string, number>,
      } as ReturnType<typeof decode>[0];
      for (const [number, value] of fieldsOf(data)) {
        if (number === 1) event.wallTime = value as number;
        if (number === 2) event.step = value as number;
        if (number === 3) event.text = Buffer.from(value as Uint8Array).toString();
        if (number === 7) event.start = fieldsOf(value as Uint8Array)[0]![1] === 1;
        if (number === 5)
          for (const [, one] of fieldsOf(value as Uint8Array)) {
            const [[, tag], [, scalar]] = fieldsOf(one as Uint8Array) as [
              [number, Uint8Array],
              [number, number],
            ];
            event.scalars[Buffer.from(tag).toString()] = scalar;
          }
      }
      events.push(event);
    }
    return events;
  }

  function fieldsOf(data: Uint8Array): [number, number | Uint8Array][] {
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    const fields: [number, number | Uint8Array][] = [];
    let at = 0;
    const varint = (): number => {
      let [value, factor] = [0, 1];
      for (;;) {
        const byte = data[at++]!;
        value += (byte & 127) * factor;
        if (byte < 128) return value;
        factor *= 128;
      }
    };
    while (at < data.length) {
      const key = varint();
      const kind = key & 7;
      if (kind === 0) fields.push([key >> 3, varint()]);
      else if (kind === 1) {
        fields.push([key >> 3, view.getFloat64(at, true)]);
        at += 8;
      } else if (kind === 5) {
        fields.push([key >> 3, view.getFloat32(at, true)]);
        at += 4;
      } else {
        const length = varint();
        fields.push([key >> 3, data.subarray(at, at + length)]);
        at += length;
      }
    }
    return fields;
  }

  it('CRC-32C: the check value of its definition, and RFC 3720, B.4', () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  });

  it('an event, byte for byte as TensorFlow writes it', () => {
    // The first record of every event file: wall_time 0 here, file_version "brain.Event:2".
    const record = encodeEvent(0, 0, { fileVersion: 'brain.Event:2' });
    expect(Buffer.from(record.subarray(12, -4)).toString('hex')).toBe(
      `09${'00'.repeat(8)}1000${'1a0d'}${Buffer.from('brain.Event:2').toString('hex')}`,
    );
    expect(decode(encodeEvent(1.5, 3_000_000_000, { scalars: { a: 0.5, 'b/c': -2 } }))).toEqual([
      { step: 3_000_000_000, wallTime: 1.5, start: false, scalars: { a: 0.5, 'b/c': -2 } },
    ]);
  });

  it('a run leaves its losses, and a resumed one says from where it goes on', async () => {
    const runFolder = path.join(root, 'events');
    const options = optionsOf({}, { runFolder });
    await stopAfter(2, options);
    await weightsAfter(options);
    const files = readdirSync(runFolder)
      .filter((name) => name.startsWith('events.out.tfevents.'))
      .sort();
    expect(files).toHaveLength(2);
    const [first, second] = files.map((name) =>
      decode(new Uint8Array(readFileSync(path.join(runFolder, name)))),
    );
    expect(first![0]!.text).toBe('brain.Event:2');
    expect(first!.slice(2).map(({ step }) => step)).toEqual([1, 2]);
    expect(second![1]).toMatchObject({ start: true, step: 3 });
    expect(second!.slice(2).map(({ step }) => step)).toEqual([3, 4, 5, 6]);
    expect(Object.keys(second![2]!.scalars)).toEqual(
      expect.arrayContaining(['loss/total', 'loss/labels', 'optimizer/learning rate', 'seconds/forward']),
    );
  });
});
