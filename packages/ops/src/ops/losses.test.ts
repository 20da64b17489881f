import { describe, expect, it } from '@jest/globals';
import {
  grad,
  mul,
  type Rank,
  softmax,
  type Tensor,
  type Tensor2D,
  tensor2d,
  zeros,
} from '@tensorflow/tfjs-core';
import { sortDescending } from '../host/sort-descending.js';
import { checkOp, expectClose } from '../testing/check-op.js';
import { onEveryForm } from '../testing/on-every-form.js';
import { randomFloats, randomInts, seeded } from '../testing/random-data.js';
import { bestClassCrossEntropy } from './best-class-cross-entropy.js';
import { lovaszSoftmax } from './lovasz-softmax.js';
import { softmaxCrossEntropy } from './softmax-cross-entropy.js';

const crossEntropy = (
  logits: Float64Array,
  labels: Uint8Array,
  classes: number,
  weights?: Float32Array,
): number => {
  let sum = 0;
  let total = 0;
  labels.forEach((label, n) => {
    if (label === 0) return;
    const row = logits.subarray(n * classes, (n + 1) * classes);
    const most = row.reduce((a, b) => Math.max(a, b));
    const log = Math.log(row.reduce((s, v) => s + Math.exp(v - most), 0)) + most;
    const weight = weights?.[n] ?? 1;
    sum += weight * (log - row[label]);
    total += weight;
  });
  return total > 0 ? sum / total : 0;
};

/** Algorithm 1 of the paper, with a sort of JavaScript's. */
const lovasz = (probabilities: Float64Array, labels: Uint8Array, classes: number): number => {
  const rows = [...labels.keys()].filter((n) => labels[n] !== 0);
  const present = [...new Set(rows.map((n) => labels[n]))];
  let loss = 0;
  for (const classId of present) {
    const members = rows.filter((n) => labels[n] === classId).length;
    const sorted = rows
      .map((n) => ({ member: labels[n] === classId, p: probabilities[n * classes + classId] }))
      .map(({ member, p }) => ({ member, error: member ? 1 - p : p }))
      .sort((a, b) => b.error - a.error);
    let found = 0;
    let before = 0;
    sorted.forEach(({ member, error }, k) => {
      if (member) found++;
      const jaccard = 1 - (members - found) / (members + (k + 1 - found));
      loss += (error * (jaccard - before)) / present.length;
      before = jaccard;
    });
  }
  return loss;
};

onEveryForm('losses', (run) => {
  const random = seeded(51);
  const sizes = [
    [40, 5],
    [1, 2],
    [23, 20],
    [0, 3],
  ] as const;

  it.each(sizes)('softmaxCrossEntropy: %p rows, %p classes', async (rows, classes) => {
    const labels = Uint8Array.from(randomInts(random, rows, 0, classes));
    const inputs = [{ shape: [rows, classes], values: randomFloats(random, rows * classes, -4, 4) }];
    for (const weights of [undefined, randomFloats(random, rows, 0, 2)]) {
      await checkOp({
        run,
        inputs,
        op: (logits) => [softmaxCrossEntropy(logits as Tensor2D, labels, weights)],
        reference: (logits) => [Float64Array.of(crossEntropy(logits, labels, classes, weights))],
      });
    }
  });

  it('softmaxCrossEntropy: large logits', async () => {
    await checkOp({
      run,
      inputs: [{ shape: [2, 3], values: Float32Array.of(1000, 0, -1000, 500, 501, 502) }],
      op: (logits) => [softmaxCrossEntropy(logits as Tensor2D, Uint8Array.of(1, 2))],
      reference: (logits) => [Float64Array.of(crossEntropy(logits, Uint8Array.of(1, 2), 3))],
    });
  });

  it('cross-entropies: a logit of -Infinity takes a class out', async () => {
    const values = Float32Array.of(-Infinity, 1, 2, 0.5, -Infinity, 1);
    const labels = Uint8Array.of(1, 2);
    const scores = tensor2d([
      [0, 2, 1],
      [0, 1, 2],
    ]);
    for (const loss of [
      (logits: Tensor) => softmaxCrossEntropy(logits as Tensor2D, labels),
      (logits: Tensor) => bestClassCrossEntropy(logits as Tensor2D, scores, Float32Array.of(1, 1, 1)),
    ])
      await checkOp({
        run,
        inputs: [{ shape: [2, 3], values }],
        op: (logits) => [loss(logits)],
        reference: (logits) => [Float64Array.of(crossEntropy(logits, labels, 3))],
      });
    scores.dispose();
  });

  it.each(sizes)('bestClassCrossEntropy: %p rows, %p classes', async (rows, classes) => {
    // Rounded, so that some rows have several best classes.
    const scores = randomFloats(random, rows * classes, -3, 3).map(Math.round);
    const labels = Uint8Array.from({ length: rows }, (_, n) => {
      const row = [...scores.subarray(n * classes + 1, (n + 1) * classes)];
      return 1 + row.indexOf(Math.max(...row));
    });
    const inputs = [{ shape: [rows, classes], values: randomFloats(random, rows * classes, -4, 4) }];
    for (const classWeights of [randomFloats(random, classes, 0.1, 2), new Float32Array(classes)]) {
      const rowWeights = Float32Array.from(labels, (label) => classWeights[label]);
      await checkOp({
        run,
        inputs,
        op: (logits) => [
          bestClassCrossEntropy(logits as Tensor2D, tensor2d(scores, [rows, classes]), classWeights),
        ],
        reference: (logits) => [Float64Array.of(crossEntropy(logits, labels, classes, rowWeights))],
      });
    }
  });

  it('bestClassCrossEntropy: no gradient flows to the scores', async () => {
    const x = tensor2d([
      [0, 1, 2],
      [3, 1, 0],
    ]);
    const both = run(() =>
      grad((a: Tensor) =>
        bestClassCrossEntropy(mul(a, 2) as Tensor2D, a as Tensor2D, Float32Array.of(0, 1, 3)),
      )(x),
    );
    const one = run(() =>
      grad((a: Tensor) => bestClassCrossEntropy(mul(a, 2) as Tensor2D, x, Float32Array.of(0, 1, 3)))(x),
    );
    expectClose(await both.data<'float32'>(), await one.data<'float32'>(), 1e-6, 'gradient');
    for (const used of [x, both, one]) used.dispose();
  });

  it.each(sizes)('lovaszSoftmax: %p rows, %p classes', async (rows, classes) => {
    const labels = Uint8Array.from(randomInts(random, rows, 0, classes));
    await checkOp({
      run,
      inputs: [{ shape: [rows, classes], values: randomFloats(random, rows * classes, 0.01, 0.99) }],
      op: (probabilities) => [lovaszSoftmax(probabilities as Tensor2D, labels)],
      reference: (probabilities) => [Float64Array.of(lovasz(probabilities, labels, classes))],
    });
  });

  it('losses without a labelled row are 0, and so are their gradients', async () => {
    const labels = new Uint8Array(4);
    const inputs = [{ shape: [4, 3], values: randomFloats(random, 12, 0.1, 0.9) }];
    for (const loss of [softmaxCrossEntropy, lovaszSoftmax]) {
      await checkOp({
        run,
        inputs,
        op: (x) => [loss(x as Tensor2D, labels)],
        reference: () => [new Float64Array(1)],
      });
    }
  });

  it('take labels and weights anew for each call, in the same arrays, too', async () => {
    const values = randomFloats(random, 12, 0.1, 0.9);
    const labels = new Uint8Array(4);
    const weights = Float32Array.of(1, 1, 1, 1);
    for (const [k, filled] of [
      [0, 0, 0, 0],
      [1, 2, 1, 0],
      [2, 2, 1, 1],
    ].entries()) {
      labels.set(filled);
      weights.fill(k + 1, 0, 2);
      for (const given of [labels, Uint8Array.from(filled)])
        await checkOp({
          run,
          inputs: [{ shape: [4, 3], values }],
          op: (x) => [
            softmaxCrossEntropy(x as Tensor2D, given, weights),
            lovaszSoftmax(x as Tensor2D, given),
          ],
          reference: (x) => [
            Float64Array.of(crossEntropy(x, labels, 3, weights)),
            Float64Array.of(lovasz(x, labels, 3)),
          ],
        });
    }
  });

  it('lovaszSoftmax after softmax: a perfect prediction costs nothing', async () => {
    await checkOp({
      run,
      inputs: [{ shape: [3, 3], values: Float32Array.of(0, 90, 0, 0, 0, 90, 0, 90, 0) }],
      op: (logits) => [lovaszSoftmax(softmax(logits) as Tensor2D, Uint8Array.of(1, 2, 1))],
      reference: () => [new Float64Array(1)],
    });
  });
});

describe('losses', () => {
  it('refuse tensors of another type, which a GPU would read as other numbers', () => {
    const whole = tensor2d([[1, 2]], [1, 2], 'int32');
    expect(() => softmaxCrossEntropy(whole, Uint8Array.of(1))).toThrow('logits is int32, expected float32');
    whole.dispose();
  });

  it('refuse labels that do not fit', () => {
    const logits = tensor2d([[1, 2]]);
    expect(() => softmaxCrossEntropy(logits, Uint8Array.of(2))).toThrow('label 2 at 0, expected 0 .. 1');
    expect(() => lovaszSoftmax(logits, Uint8Array.of(1, 1))).toThrow('expected [2, ?]');
    expect(() => softmaxCrossEntropy(logits, Uint8Array.of(1), new Float32Array(2))).toThrow('2 row weights');
    expect(() => bestClassCrossEntropy(logits, logits, new Float32Array(3))).toThrow('expected [?, 3]');
    for (const classes of [1, 257]) {
      const many = zeros<Rank.R2>([1, classes]);
      expect(() => bestClassCrossEntropy(many, many, new Float32Array(classes))).toThrow('2 to 256');
      many.dispose();
    }
    logits.dispose();
  });
});

describe('sortDescending', () => {
  it('is a stable sort', () => {
    const values = randomFloats(seeded(9), 5000, 0, 2).map((value, n) => (n % 7 === 0 ? 0.5 : value));
    const expected = [...values.keys()].sort((a, b) => values[b] - values[a] || a - b);
    expect([...sortDescending(values)]).toEqual(expected);
    expect([...sortDescending(Float32Array.of(-0, 0, 1))]).toEqual([2, 0, 1]);
    expect(sortDescending(new Float32Array(0))).toHaveLength(0);
  });
});
