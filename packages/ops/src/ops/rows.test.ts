import { describe, expect, it } from '@jest/globals';
import { fill, grad, mul, sum, type Tensor2D, tensor2d } from '@tensorflow/tfjs-core';
import { concatSegments } from '../concat-segments.js';
import { segmentsOf } from '../segments-of.js';
import { checkOp, valuesOf } from '../testing/check-op.js';
import { onEveryForm } from '../testing/on-every-form.js';
import { randomFloats, randomInts, seeded } from '../testing/random-data.js';
import { gatherRows, scatterAddRows } from './gather-scatter-rows.js';
import { segmentMax, segmentMean } from './segment.js';
import { sumOfAll } from './sum-of-all.js';

const gathered = (x: Float64Array, indices: Int32Array, width: number): Float64Array[] => {
  const y = new Float64Array(indices.length * width);
  indices.forEach((row, j) => {
    if (row >= 0) for (let c = 0; c < width; c++) y[j * width + c] = x[row * width + c];
  });
  return [y];
};

const scattered = (x: Float64Array, indices: Int32Array, width: number, rows: number): Float64Array[] => {
  const y = new Float64Array(rows * width);
  indices.forEach((row, j) => {
    if (row >= 0) for (let c = 0; c < width; c++) y[row * width + c] += x[j * width + c];
  });
  return [y];
};

/** The columns of each segment, reduced. */
const reduced = (
  x: Float64Array,
  segmentOf: Int32Array,
  count: number,
  width: number,
  reduce: (values: number[]) => number,
): Float64Array[] => [
  Float64Array.from({ length: count * width }, (_, n) => {
    const values: number[] = [];
    segmentOf.forEach((s, row) => {
      if (s === Math.floor(n / width)) values.push(x[row * width + (n % width)]);
    });
    return values.length === 0 ? 0 : reduce(values);
  }),
];

const largest = (values: number[]): number => Math.max(...values);
const average = (values: number[]): number => values.reduce((s, v) => s + v, 0) / values.length;

onEveryForm('row ops', (run) => {
  const random = seeded(21);

  it.each([[[0]], [[0, 4]], [[3, 0]], [[2, 3]], [[]]])('sumOfAll: %p', async (shape) => {
    const [total, slope] = run(() => {
      const x = fill(shape, 2.5);
      return [sumOfAll(x), grad(sumOfAll)(x)];
    });
    expect((await total.data())[0]).toBe(slope.size * 2.5);
    expect(slope.shape).toEqual(shape);
    expect([...(await slope.data())]).toEqual(new Array(slope.size).fill(1));
  });

  // Rows, targets, channels: none, one, odd numbers, many rows to one target.
  const sizes = [
    [0, 3, 2],
    [5, 1, 1],
    [1, 1, 3],
    [40, 7, 5],
    [33, 50, 17],
  ] as const;

  it.each(sizes)('gatherRows: %p rows by %p indices, %p channels', async (count, rows, width) => {
    const indices = randomInts(random, count, -1, rows);
    await checkOp({
      run,
      inputs: [{ shape: [rows, width], values: randomFloats(random, rows * width) }],
      op: (x) => [gatherRows(x as Tensor2D, indices)],
      reference: (x) => gathered(x, indices, width),
    });
  });

  it('gatherRows from no rows', async () => {
    await checkOp({
      run,
      inputs: [{ shape: [0, 2], values: new Float32Array(0) }],
      op: (x) => [gatherRows(x as Tensor2D, Int32Array.of(-1, -1))],
      reference: () => [new Float64Array(4)],
    });
  });

  it.each(sizes)('scatterAddRows: %p rows to %p, %p channels', async (count, rows, width) => {
    const indices = randomInts(random, count, -1, rows);
    await checkOp({
      run,
      inputs: [{ shape: [count, width], values: randomFloats(random, count * width) }],
      op: (x) => [scatterAddRows(x as Tensor2D, indices, rows)],
      reference: (x) => scattered(x, indices, width, rows),
    });
  });

  it.each(sizes)(
    'segmentMax and segmentMean: %p rows in %p segments, %p channels',
    async (count, rows, width) => {
      const segmentOf = randomInts(random, count, -1, rows);
      const segments = segmentsOf(segmentOf, rows);
      const inputs = [{ shape: [count, width], values: randomFloats(random, count * width) }];
      await checkOp({
        run,
        inputs,
        op: (x) => [segmentMax(x as Tensor2D, segments)],
        reference: (x) => reduced(x, segmentOf, rows, width, largest),
      });
      await checkOp({
        run,
        inputs,
        op: (x) => [segmentMean(x as Tensor2D, segments)],
        reference: (x) => reduced(x, segmentOf, rows, width, average),
      });
    },
  );

  it('segmentMax of a constant: the gradient goes to the first row', async () => {
    const segments = segmentsOf(Int32Array.of(1, 0, 1, -1, 1), 2);
    const [gradient] = await valuesOf(() => [
      run(() =>
        grad((x) => sum(mul(segmentMax(x as Tensor2D, segments), tensor2d([[2], [3]]))))(
          tensor2d([[1], [1], [1], [9], [1]]),
        ),
      ),
    ]);
    expect([...gradient]).toEqual([3, 2, 0, 0, 0]);
  });
});

describe('concatSegments', () => {
  const random = seeded(22);
  it.each([[[40]], [[40, 25]], [[7, 0, 31]]])(
    'of groups of %p rows: as if all rows were sorted at once',
    (groups) => {
      const counts = groups.map((rows) => rows + 3);
      const segmentOf = groups.map((rows, g) => randomInts(random, rows, -1, counts[g]));
      const behind = (g: number): number => counts.slice(0, g).reduce((sum, count) => sum + count, 0);
      const all = segmentOf.flatMap((of, g) => [...of].map((s) => (s < 0 ? -1 : s + behind(g))));
      const parts = segmentOf.map((of, g) => segmentsOf(of, counts[g]));
      expect(concatSegments(parts)).toEqual(segmentsOf(Int32Array.from(all), behind(groups.length)));
    },
  );
});

describe('row ops', () => {
  it('refuse indices and shapes that do not fit', () => {
    const x = tensor2d([[1], [2]]);
    expect(() => gatherRows(x, Int32Array.of(0, 2))).toThrow('index 2 at 1, expected -1 or 0 .. 1');
    expect(() => scatterAddRows(x, Int32Array.of(0), 3)).toThrow('x has shape [2, 1], expected [1, ?]');
    expect(() => segmentsOf(Int32Array.of(0, 3), 3)).toThrow('row 1: segment 3');
    x.dispose();
  });
});
