import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRandom, formatError } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import { isLeft, isRight, left } from 'fp-ts/lib/Either.js';
import { onBackend } from './backend.test.helper.js';
import { copyNetwork } from './copy-network.js';
import { createCylinder3d } from './create-cylinder3d.js';
import { disposeNetwork } from './dispose-network.js';
import { exponentialAverage } from './exponential-average.js';
import { hostTensors } from './host-tensors.js';
import { loadInto } from './load-into.js';
import { loadWeights } from './load-weights.js';
import type { Network } from './network.js';
import { networkTensors } from './network-tensors.js';
import { openNetwork } from './open-network.js';
import { encodeSafetensors } from './safetensors/encode-safetensors.js';
import { saveNetwork } from './save-network.js';
import { saveWeights } from './save-weights.js';
import { tinyConfig, tinyNetwork } from './scene.test.helper.js';

let folder = '';
onBackend('cpu');
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'backbone-'));
});
afterAll(() => rm(folder, { recursive: true }));

const random = createRandom('networks');
const config = tinyConfig();
const values = (network: Network): Record<string, number[]> =>
  Object.fromEntries(Object.entries(networkTensors(network)).map(([name, v]) => [name, [...v.dataSync()]]));

describe('createCylinder3d', () => {
  it('depends on nothing but the seed', () => {
    const a = createCylinder3d(config, createRandom(3));
    const b = createCylinder3d(config, createRandom(3));
    const c = createCylinder3d(config, createRandom(4));
    expect(values(a)).toEqual(values(b));
    expect(values(a)).not.toEqual(values(c));
  });

  it("starts as PyTorch's layers do", () => {
    const network = createCylinder3d(tinyConfig({ width: 8 }), random);
    const weights = network.trainable['down3.branchA.conv0.weight'];
    const bound = 1 / Math.sqrt(9 * 16);
    const drawn = [...weights.dataSync()];
    expect(Math.max(...drawn.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(Math.max(...drawn)).toBeGreaterThan(0.98 * bound);
    const variance = drawn.reduce((sum, v) => sum + v * v, 0) / drawn.length;
    expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, 1);
    expect([...network.trainable['context.branchA.norm0.weight'].dataSync()]).toEqual(Array(8).fill(1));
    expect([...network.statistics['context.branchA.norm0.variance'].dataSync()]).toEqual(Array(8).fill(1));
    expect(network.statistics['point.norm.mean'].trainable).toBe(false);
  });

  it('is freed to the last tensor', () => {
    const before = tf.memory();
    const network = createCylinder3d(config, random);
    const copy = copyNetwork(network);
    disposeNetwork(network);
    expect([...copy.trainable['logits.bias'].dataSync()]).toHaveLength(config.numClasses);
    disposeNetwork(copy);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});

describe('exponentialAverage', () => {
  it('moves parameters and statistics, and the student not at all', () => {
    const student = tinyNetwork(config, random.fork('student'));
    const teacher = tinyNetwork(config, random.fork('teacher'));
    const [s, t] = [values(student), values(teacher)];
    exponentialAverage(teacher, student, 0.9);
    expect(values(student)).toEqual(s);
    let worst = 0;
    for (const [name, moved] of Object.entries(values(teacher)))
      for (const [i, v] of moved.entries())
        worst = Math.max(worst, Math.abs(v - (0.9 * t[name][i] + 0.1 * s[name][i])));
    expect(worst).toBeLessThan(1e-6);
    exponentialAverage(teacher, student, 0);
    expect(values(teacher)).toEqual(s);
    expect(() => exponentialAverage(teacher, student, 1.1)).toThrow(RangeError);
  });

  it('leaves a copy independent of its original', () => {
    const network = tinyNetwork(config, random.fork('student'));
    const copy = copyNetwork(network);
    const before = values(copy);
    network.trainable['logits.bias'].assign(tf.zeros([config.numClasses]));
    expect(values(copy)).toEqual(before);
  });
});

describe('weights files', () => {
  it('bring a network back', async () => {
    const network = tinyNetwork(config, random.fork('saved'));
    const file = path.join(folder, 'network.safetensors');
    expect(isRight(await saveNetwork(file, network, { step: '12' })())).toBe(true);
    expect(await readdir(folder)).toEqual(['network.safetensors']);
    const opened = await openNetwork(file)();
    if (isLeft(opened)) throw new Error(opened.left.found);
    expect(opened.right.network.config).toEqual(config);
    expect(values(opened.right.network)).toEqual(values(network));
    expect(opened.right.metadata.step).toBe('12');
  });

  it('say what is wrong, and change nothing', async () => {
    const network = tinyNetwork(config, random.fork('kept'));
    const before = values(network);
    const good = await hostTensors(networkTensors(network));
    const { 'logits.bias': bias, ...missing } = good;
    const other = { ...good, extra: bias! };
    const shape = { ...good, 'logits.bias': { ...bias!, shape: [1, config.numClasses] } };
    const dtype = { ...good, 'logits.bias': { ...bias!, dtype: 'I32' as const } };
    for (const [tensors, code, field] of [
      [missing, 'not-found', 'logits.bias'],
      [other, 'mismatch', 'extra'],
      [shape, 'mismatch', 'logits.bias.shape'],
      [dtype, 'mismatch', 'logits.bias.dtype'],
    ] as const)
      expect(loadInto(network, tensors, 'w.safetensors')).toEqual(
        left(expect.objectContaining({ code, field, source: 'w.safetensors' })),
      );
    expect(values(network)).toEqual(before);
  });

  it('may be absent, damaged, without a configuration, or in a folder that is not there', async () => {
    const absent = path.join(folder, 'absent.safetensors');
    expect(await loadWeights(absent)()).toEqual(
      left(expect.objectContaining({ code: 'missing-file', source: absent })),
    );
    expect(await loadWeights(folder)()).toEqual(left(expect.objectContaining({ code: 'unreadable' })));
    const damaged = path.join(folder, 'damaged.safetensors');
    await writeFile(damaged, encodeSafetensors({}).subarray(0, 9));
    expect(await openNetwork(damaged)()).toEqual(left(expect.objectContaining({ code: 'truncated' })));
    const plain = path.join(folder, 'plain.safetensors');
    expect(isRight(await saveWeights(plain, { a: tf.tensor1d([1, 2]) })())).toBe(true);
    const numTensors = tf.memory().numTensors;
    expect(await openNetwork(plain)()).toEqual(
      left(expect.objectContaining({ code: 'not-found', field: '__metadata__.cylinder3d' })),
    );
    const wrong = path.join(folder, 'wrong.safetensors');
    await saveWeights(wrong, { a: tf.tensor1d([1]) }, { cylinder3d: JSON.stringify(config) })();
    expect(await openNetwork(wrong)()).toEqual(
      left(expect.objectContaining({ code: 'mismatch', field: 'a' })),
    );
    // Told before memory is spent on what the metadata promise.
    await saveWeights(
      wrong,
      { a: tf.tensor1d([1]) },
      { cylinder3d: JSON.stringify({ ...config, width: 30_000 }) },
    )();
    expect(await openNetwork(wrong)()).toMatchObject({ left: { code: 'mismatch', field: 'a' } });
    expect(tf.memory().numTensors).toBe(numTensors + 2);
    expect(await saveWeights(path.join(folder, 'no', 'where'), {})()).toEqual(
      left(expect.objectContaining({ code: 'unavailable' })),
    );
  });

  it('are of one moment, however many saves of a path overlap', async () => {
    const file = path.join(folder, 'overlapping');
    const weights = Object.fromEntries(
      [...'abcdefgh'].map((name) => [name, tf.variable(tf.fill([1000], 1))]),
    );
    const first = saveWeights(file, weights)();
    for (const variable of Object.values(weights)) variable.assign(tf.fill([1000], 2));
    const [a, b] = await Promise.all([first, saveWeights(path.join(folder, 'second'), weights)()]);
    expect([isRight(a), isRight(b)]).toEqual([true, true]);
    for (const [name, value] of [
      ['overlapping', 1],
      ['second', 2],
    ] as const) {
      const opened = await loadWeights(path.join(folder, name))();
      if (isLeft(opened)) throw new Error(formatError(opened.left));
      for (const { data } of Object.values(opened.right.tensors))
        expect(new Set(data as Float32Array)).toEqual(new Set([value]));
    }
    const saves = await Promise.all(Array.from({ length: 8 }, () => saveWeights(file, weights)()));
    expect(saves.every(isRight)).toBe(true);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('are never half written', async () => {
    const file = path.join(folder, 'kept');
    await rm(file, { recursive: true, force: true });
    const { mkdir } = await import('node:fs/promises');
    await mkdir(path.join(file, 'in-the-way'), { recursive: true });
    expect(isLeft(await saveWeights(file, {})())).toBe(true);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
