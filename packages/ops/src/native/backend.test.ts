import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { registerStandardGradients } from '../gradients/register-standard-gradients.js';
import { submanifoldMap } from '../kernelmap/submanifold-map.js';
import { activationBatchNorm } from '../ops/activation-batch-norm.js';
import { softmaxCrossEntropy } from '../ops/softmax-cross-entropy.js';
import { sparseConv3d } from '../ops/sparse-conv3d.js';
import { randomCoords, seeded } from '../testing/random-data.js';
import type { NativeBackend } from './backend.js';
import { registerNativeBackend } from './register.js';

let usable = false;
beforeAll(async () => {
  const engine = await registerNativeBackend();
  usable = E.isRight(engine);
  if (E.isLeft(engine)) console.warn(`native backend: skipped, ${engine.left}`);
});
beforeEach(async () => {
  if (usable) await tf.setBackend('nerfseg-cpu');
});

/** The same computation on both backends. */
const same = async (compute: () => tf.Tensor, tolerance = 1e-5): Promise<void> => {
  const results: [number[], Float32Array | Int32Array | Uint8Array][] = [];
  for (const name of ['cpu', 'nerfseg-cpu']) {
    await tf.setBackend(name);
    results.push(
      tf.tidy(() => {
        const y = compute();
        return [y.shape, y.dataSync()];
      }),
    );
  }
  const [[shape, expected], [actualShape, actual]] = results;
  expect(actualShape).toEqual(shape);
  expected.forEach((value, i) => {
    const difference = Math.abs(actual[i] - value) / Math.max(1, Math.abs(value));
    if (!(difference <= tolerance || Object.is(actual[i], value)))
      throw new Error(`[${i}]: ${actual[i]}, expected ${value}`);
  });
};

const values = (shape: readonly number[], seed: number): tf.Tensor =>
  tf.randomUniform([...shape], 0.1, 2, 'float32', seed);

describe('backend nerfseg-cpu', () => {
  const dim = fc.integer({ min: 1, max: 37 });
  const check = async (property: fc.IAsyncProperty<unknown>): Promise<void> => {
    if (usable) await fc.assert(property as fc.IAsyncProperty<[unknown]>, { numRuns: 25 });
  };

  it('broadcasts as the cpu backend does', () =>
    check(
      fc.asyncProperty(dim, dim, dim, fc.nat(63), fc.nat(5), (p, q, r, ones, op) =>
        same(() => {
          const pick = (bit: number, n: number): number => ((ones >> bit) & 1 ? 1 : n);
          const a = values([pick(0, p), pick(1, q), pick(2, r)], 1);
          const b = values([pick(3, p), pick(4, q), pick(5, r)].slice(ones % 3), 2);
          return [tf.add, tf.sub, tf.mul, tf.div, tf.maximum, tf.squaredDifference][op](a, b);
        }),
      ),
    ));

  it('reduces along any axes', () =>
    check(
      fc.asyncProperty(
        dim,
        dim,
        dim,
        fc.subarray([0, 1, 2]),
        fc.nat(3),
        fc.boolean(),
        (p, q, r, axes, op, keep) =>
          same(() => [tf.sum, tf.mean, tf.max, tf.min][op](values([p, q, r], 3), axes, keep)),
      ),
    ));

  it('multiplies matrices, transposed or not, with bias and activation', () =>
    check(
      fc.asyncProperty(dim, dim, dim, fc.boolean(), fc.boolean(), fc.nat(3), (n, k, m, ta, tb, kind) =>
        same(() => {
          const a = values(ta ? [k, n] : [n, k], 4);
          const b = values(tb ? [m, k] : [k, m], 5);
          if (kind === 0) return tf.matMul(a, b, ta, tb);
          if (kind === 1) return tf.matMul(tf.stack([a, a]), tf.stack([b, tf.neg(b)]), ta, tb);
          const activation = kind === 2 ? 'relu' : 'sigmoid';
          return tf.fused.matMul({
            a: a as tf.Tensor2D,
            b: b as tf.Tensor2D,
            transposeA: ta,
            transposeB: tb,
            bias: values([m], 6),
            activation,
          });
        }, 1e-4),
      ),
    ));

  it('adds a bias of rows', () =>
    check(
      fc.asyncProperty(dim, dim, (n, k) =>
        same(
          () =>
            tf.fused.matMul({
              a: values([n, k], 4) as tf.Tensor2D,
              b: values([k, n], 5) as tf.Tensor2D,
              bias: values([n, 1], 6),
            }),
          1e-4,
        ),
      ),
    ));

  it('takes float32 tensors whose values are no floats', async () => {
    if (!usable) return;
    await same(() => tf.add(tf.concat([tf.zeros([0, 3]), tf.zeros([0, 3])]), 1));
    await tf.setBackend('cpu');
    const cast = tf.cast(tf.tensor1d([1, 2, 3], 'int32'), 'float32');
    await tf.setBackend('nerfseg-cpu');
    expect(tf.add(cast, 0.5).dataSync()).toEqual(Float32Array.of(1.5, 2.5, 3.5));
  });

  it('slices, pads, joins, gathers and turns', () =>
    check(
      fc.asyncProperty(dim, dim, fc.nat(2), (rows, columns, axis) =>
        same(() => {
          const x = values([rows, columns, 3], 7);
          const part = tf.slice(x, [0, columns >> 1, 0], [-1, -1, -1]);
          const corner = tf.slice(x, [rows >> 1, columns >> 1, 1], [-1, -1, 1]);
          const along = (a: number): [number, number] => (a === axis ? [columns, rows >> 1] : [0, 0]);
          const padded = tf.pad(x, [along(0), along(1), along(2)], 2);
          const framed = tf.pad(x, [along(0), [1, 1], along(2)]);
          const joined = tf.concat([x, tf.mul(x, 2)], axis);
          const gathered = tf.gather(x, tf.tensor1d([rows - 1, 0, rows >> 1], 'int32'));
          const pieces = tf.split(x, [columns >> 1, columns - (columns >> 1)], 1);
          const turned = tf.transpose(tf.reshape(x, [rows, columns * 3]));
          return tf.concat1d(
            [part, corner, padded, framed, joined, gathered, turned, ...pieces].map((t) =>
              tf.reshape(t, [-1]),
            ),
          );
        }),
      ),
    ));

  it('knows the special values of exp, log, sigmoid, softplus', async () => {
    if (!usable) return;
    const special = [
      0,
      -0,
      1,
      -1,
      1e-30,
      88.7,
      89,
      -87.3,
      -103,
      -104,
      1e-38,
      1e-45,
      Infinity,
      -Infinity,
      Number.NaN,
      3e38,
    ];
    for (const op of [tf.exp, tf.log, tf.sigmoid, tf.softplus, tf.sqrt, tf.relu, tf.neg, tf.abs]) {
      await same(() => op(tf.tensor1d(special)), 1e-6);
    }
  });

  it('keeps the digits of small softplus values', () => {
    if (!usable) return;
    const x = Float32Array.from({ length: 200 }, (_, n) => -20 + n / 5.1);
    const y = tf.softplus(tf.tensor1d(x)).dataSync();
    const errors = [...x].map((v, n) => Math.abs(y[n] / Math.log1p(Math.exp(v)) - 1));
    expect(Math.max(...errors)).toBeLessThan(1e-6);
  });

  it('never changes values that were read', () => {
    if (!usable) return;
    const x = tf.fill([5000], 3);
    const read = x.dataSync();
    const part = tf.slice(x, 10, 100);
    x.dispose();
    const overwritten = tf.fill([5000], 4);
    expect([...new Set(read)]).toEqual([3]);
    expect([...new Set(part.dataSync())]).toEqual([3]);
    tf.dispose([overwritten, part]);
  });

  it('uses no more memory after 1,000 training steps than after 50', () => {
    if (!usable) return;
    registerStandardGradients();
    const random = seeded(1);
    const shape = [12, 12, 8] as const;
    const scans = [0.1, 0.25, 0.4].map((density) => {
      const map = submanifoldMap(randomCoords(random, shape, density), [3, 3, 3], { shape });
      const labels = Uint8Array.from({ length: map.outRows }, (_, i) => i % 3);
      return { map, labels, x: tf.randomNormal([map.inRows, 8]) as tf.Tensor2D };
    });
    const w = tf.variable(tf.randomNormal([27, 8, 3], 0, 0.1) as tf.Tensor3D);
    const gamma = tf.variable(tf.ones([3]) as tf.Tensor1D);
    const beta = tf.variable(tf.zeros([3]) as tf.Tensor1D);
    const optimizer = tf.train.adam(1e-3);
    const { arena } = tf.backend() as NativeBackend;
    const used: number[] = [];
    const reserved: number[] = [];
    for (let step = 0; step < 1000; step++) {
      const { map, labels, x } = scans[step % 3];
      const loss = optimizer.minimize(() => {
        const y = sparseConv3d(x, w, map);
        const normal = activationBatchNorm(
          y,
          { gamma, beta },
          { alpha: 0.01, order: 'before', epsilon: 1e-5 },
        );
        return softmaxCrossEntropy(normal.y, labels);
      }, true)!;
      if (step === 999) expect(Number.isFinite(loss.dataSync()[0])).toBe(true);
      loss.dispose();
      used.push(arena.bytesInUse);
      reserved.push(arena.bytesInUse + arena.bytesIdle);
    }
    expect(Math.max(...used.slice(50))).toBe(Math.max(...used.slice(0, 50)));
    expect(Math.max(...reserved.slice(50))).toBe(Math.max(...reserved.slice(0, 50)));
  });
});

describe('a kernel that fails', () => {
  it('leaves no memory behind', () => {
    if (!usable) return;
    const backend = tf.backend() as NativeBackend;
    const before = [backend.numDataIds(), backend.memory().bytesInUse];
    for (let n = 0; n < 3; n++)
      expect(() =>
        backend.whole(() => {
          backend.allocate([1000], 1000);
          throw new Error('refused');
        }),
      ).toThrow('refused');
    expect([backend.numDataIds(), backend.memory().bytesInUse]).toEqual(before);
  });
});
