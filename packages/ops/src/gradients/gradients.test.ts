import { it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { checkOp } from '../testing/check-op.js';
import { onEveryForm } from '../testing/on-every-form.js';
import { randomFloats, seeded } from '../testing/random-data.js';
import { registerStandardGradients } from './register-standard-gradients.js';

registerStandardGradients();

/** Every op twice: on tensors, and by its definition on numbers. Inputs stay away from kinks and poles. */
const elementwise: Record<string, [(x: tf.Tensor) => tf.Tensor, (x: number) => number]> = {
  neg: [tf.neg, (x) => -x],
  abs: [tf.abs, Math.abs],
  square: [tf.square, (x) => x * x],
  log: [(x) => tf.log(tf.abs(x)), (x) => Math.log(Math.abs(x))],
  log1p: [tf.log1p, Math.log1p],
  sin: [tf.sin, Math.sin],
  cos: [tf.cos, Math.cos],
  reciprocal: [tf.reciprocal, (x) => 1 / x],
  softplus: [tf.softplus, (x) => Math.log1p(Math.exp(x))],
  relu: [tf.relu, (x) => Math.max(0, x)],
  leakyRelu: [(x) => tf.leakyRelu(x, 0.1), (x) => Math.max(0.1 * x, x)],
  clip: [(x) => tf.clipByValue(x, -0.5, 0.5), (x) => Math.min(0.5, Math.max(-0.5, x))],
  exp: [tf.exp, Math.exp],
  expm1: [tf.expm1, Math.expm1],
  sqrt: [(x) => tf.sqrt(tf.abs(x)), (x) => Math.sqrt(Math.abs(x))],
  rsqrt: [(x) => tf.rsqrt(tf.abs(x)), (x) => 1 / Math.sqrt(Math.abs(x))],
  sigmoid: [tf.sigmoid, (x) => 1 / (1 + Math.exp(-x))],
  tanh: [tf.tanh, Math.tanh],
  pow: [(x) => tf.pow(tf.abs(x), 3), (x) => Math.abs(x) ** 3],
  cast: [(x) => tf.cast(x, 'float32'), (x) => x],
  clone: [tf.clone, (x) => x],
  sign: [tf.sign, Math.sign],
  addN: [(x) => tf.addN([x, x]), (x) => 2 * x],
};

const numbers = (x: Float64Array, f: (x: number) => number): Float64Array[] => [x.map((value) => f(value))];

onEveryForm('gradients of standard kernels', (run) => {
  const random = seeded(11);
  const away = (length: number): Float32Array =>
    randomFloats(random, length).map((x) =>
      Math.abs(x) < 0.1 ? x + 0.2 : Math.abs(Math.abs(x) - 0.5) < 0.02 ? x + 0.05 : x * 0.9,
    );

  it.each(Object.keys(elementwise))('%s', async (name) => {
    const [op, definition] = elementwise[name];
    await checkOp({
      run,
      inputs: [{ shape: [3, 5], values: away(15) }],
      op: (x) => [op(x)],
      reference: (x) => numbers(x, definition),
    });
  });

  const pairs: Record<string, [(a: tf.Tensor, b: tf.Tensor) => tf.Tensor, (a: number, b: number) => number]> =
    {
      add: [tf.add, (a, b) => a + b],
      sub: [tf.sub, (a, b) => a - b],
      mul: [tf.mul, (a, b) => a * b],
      div: [tf.div, (a, b) => a / b],
      maximum: [tf.maximum, Math.max],
      minimum: [tf.minimum, Math.min],
      squaredDifference: [tf.squaredDifference, (a, b) => (a - b) ** 2],
      pow: [(a, b) => tf.pow(tf.abs(a), b), (a, b) => Math.abs(a) ** b],
      where: [(a, b) => tf.where(tf.greater(a, b), a, b), Math.max],
    };
  it.each(Object.keys(pairs))('%s, broadcast from every side', async (name) => {
    const [op, definition] = pairs[name];
    const shapes: [number[], number[]][] = [
      [
        [4, 3],
        [4, 3],
      ],
      [[4, 3], [3]],
      [
        [1, 3],
        [4, 1],
      ],
      [[], [4, 3]],
    ];
    for (const [a, b] of shapes) {
      if (name === 'where' && a.length !== b.length) continue;
      const at = (shape: number[], r: number, c: number): number =>
        shape.length === 0
          ? 0
          : (shape.length === 2 && shape[0] > 1 ? r : 0) * shape[shape.length - 1] +
            (shape[shape.length - 1] > 1 ? c : 0);
      await checkOp({
        run,
        inputs: [a, b].map((shape) => ({ shape, values: away(shape.reduce((s, n) => s * n, 1)) })),
        op: (x, y) => [op(x, y)],
        reference: (x, y) => [
          Float64Array.from({ length: 12 }, (_, n) =>
            definition(x[at(a, Math.floor(n / 3), n % 3)], y[at(b, Math.floor(n / 3), n % 3)]),
          ),
        ],
      });
    }
  });

  const moves: Record<string, [(x: tf.Tensor) => tf.Tensor, (x: number[][]) => number[]]> = {
    reshape: [(x) => tf.reshape(x, [2, 6]), (x) => x.flat()],
    expandDims: [(x) => tf.expandDims(x, 1), (x) => x.flat()],
    transpose: [tf.transpose, (x) => x[0].flatMap((_, c) => x.map((row) => row[c]))],
    reverse: [(x) => tf.reverse(x, 0), (x) => [...x].reverse().flat()],
    slice: [(x) => tf.slice(x, [1, 1], [2, 2]), (x) => [...x[1].slice(1), ...x[2].slice(1)]],
    pad: [
      (x) =>
        tf.pad(x, [
          [1, 0],
          [0, 2],
        ]),
      (x) => [0, 0, 0, 0, 0, ...x.flatMap((row) => [...row, 0, 0])],
    ],
    tile: [(x) => tf.tile(x, [2, 1]), (x) => [...x.flat(), ...x.flat()]],
    broadcastTo: [(x) => tf.broadcastTo(tf.slice(x, [0, 0], [1, 3]), [2, 3]), (x) => [...x[0], ...x[0]]],
    'split into one': [(x) => tf.mul(tf.split(x, 1, 1)[0], 2), (x) => x.flat().map((value) => 2 * value)],
    split: [
      (x) => tf.mul(tf.split(x, [1, 3], 0)[1], 2),
      (x) =>
        x
          .slice(1)
          .flat()
          .map((v) => 2 * v),
    ],
    unstack: [(x) => tf.unstack(x, 0)[2], (x) => x[2]],
    sum: [(x) => tf.sum(x, 0), (x) => x[0].map((_, c) => x.reduce((s, row) => s + row[c], 0))],
    sumKeep: [(x) => tf.sum(x, 1, true), (x) => x.map((row) => row.reduce((s, v) => s + v, 0))],
    mean: [(x) => tf.mean(x), (x) => [x.flat().reduce((s, v) => s + v, 0) / 12]],
    max: [(x) => tf.max(x, 1), (x) => x.map((row) => Math.max(...row))],
    min: [(x) => tf.min(x, 1), (x) => x.map((row) => Math.min(...row))],
    cumsum: [(x) => tf.cumsum(x, 1, true), (x) => x.flatMap((row) => [0, row[0], row[0] + row[1]])],
    softmax: [
      tf.softmax,
      (x) => x.flatMap((row) => row.map((v) => Math.exp(v) / row.reduce((s, u) => s + Math.exp(u), 0))),
    ],
    logSoftmax: [
      tf.logSoftmax,
      (x) => x.flatMap((row) => row.map((v) => v - Math.log(row.reduce((s, u) => s + Math.exp(u), 0)))),
    ],
  };
  it.each(Object.keys(moves))('%s', async (name) => {
    const [op, definition] = moves[name];
    await checkOp({
      run,
      inputs: [{ shape: [4, 3], values: away(12) }],
      op: (x) => [op(x)],
      reference: (x) => [
        Float64Array.from(definition([0, 1, 2, 3].map((r) => [...x.subarray(r * 3, r * 3 + 3)]))),
      ],
    });
  });

  it('concat and stack', async () => {
    const inputs = [
      { shape: [2, 3], values: away(6) },
      { shape: [2, 3], values: away(6) },
    ];
    for (const op of [tf.concat, tf.stack]) {
      await checkOp({
        run,
        inputs,
        op: (a, b) => [op([a, b], 0)],
        reference: (a, b) => [Float64Array.of(...a, ...b)],
      });
    }
  });

  it('matMul, each side transposed or not', async () => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        await checkOp({
          run,
          inputs: [
            { shape: transposeA ? [3, 2] : [2, 3], values: away(6) },
            { shape: transposeB ? [4, 3] : [3, 4], values: away(12) },
          ],
          op: (a, b) => [tf.matMul(a, b, transposeA, transposeB)],
          reference: (a, b) => [
            Float64Array.from({ length: 8 }, (_, n) => {
              const [r, c] = [Math.floor(n / 4), n % 4];
              return [0, 1, 2].reduce(
                (s, k) => s + a[transposeA ? k * 2 + r : r * 3 + k] * b[transposeB ? c * 3 + k : k * 4 + c],
                0,
              );
            }),
          ],
        });
      }
    }
  });

  it('matMul of a batch with one matrix', async () => {
    for (const one of [
      [3, 2],
      [1, 3, 2],
    ])
      await checkOp({
        run,
        inputs: [
          { shape: [2, 2, 3], values: away(12) },
          { shape: one, values: away(6) },
        ],
        op: (a, b) => [tf.matMul(a, b)],
        reference: (a, b) => [
          Float64Array.from({ length: 8 }, (_, n) =>
            [0, 1, 2].reduce((s, k) => s + a[Math.floor(n / 2) * 3 + k] * b[k * 2 + (n % 2)], 0),
          ),
        ],
      });
  });
});
