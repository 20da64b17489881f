import { expect, it } from '@jest/globals';
import { type Tensor, type Tensor2D, tensor1d, tensor2d, zeros } from '@tensorflow/tfjs-core';
import { segmentsOf } from '../segments-of.js';
import { checkOp } from '../testing/check-op.js';
import { onEveryForm } from '../testing/on-every-form.js';
import { randomFloats, seeded } from '../testing/random-data.js';
import { encodePoints, type PointLayer, type PointStatistics } from './encode-points.js';

const epsilon = 1e-3;

interface Shape {
  readonly rows: number;
  readonly widths: readonly number[];
  readonly segmentOf: Int32Array;
  readonly count: number;
}

/** In order of the definition, row by row: y, then mean and variance of every layer's input. */
const reference = (
  { rows, widths, segmentOf, count }: Shape,
  [x, ...rest]: readonly Float64Array[],
  training: boolean,
): Float64Array[] => {
  const layers = widths.length - 1;
  const statistics: Float64Array[] = [];
  let h = x;
  for (let i = 0; i < layers; i++) {
    const [gamma, beta, weight, bias] = rest.slice(4 * i);
    const [width, columns] = [widths[i], widths[i + 1]];
    let [mean, variance] = rest.slice(4 * layers + 2 * i);
    if (training) {
      mean = new Float64Array(width);
      variance = new Float64Array(width);
      h.forEach((value, n) => {
        mean[n % width] += value / rows;
      });
      h.forEach((value, n) => {
        variance[n % width] += (value - mean[n % width]) ** 2 / rows;
      });
    }
    statistics.push(mean, variance);
    const normed = h.map((value, n) => {
      const c = n % width;
      const y = (gamma[c] * (value - mean[c])) / Math.sqrt(variance[c] + epsilon) + beta[c];
      return i > 0 ? Math.max(0, y) : y;
    });
    h = new Float64Array(rows * columns);
    for (let n = 0; n < rows; n++)
      for (let c = 0; c < columns; c++) {
        let sum = bias[c];
        for (let k = 0; k < width; k++) sum += normed[n * width + k] * weight[k * columns + c];
        h[n * columns + c] = sum;
      }
  }
  const columns = widths[layers];
  const y = new Float64Array(count * columns);
  const seen = new Set<number>();
  for (let n = 0; n < rows; n++) {
    const s = segmentOf[n];
    for (let c = 0; c < columns; c++) {
      const value = h[n * columns + c];
      if (!seen.has(s) || value > y[s * columns + c]) y[s * columns + c] = value;
    }
    seen.add(s);
  }
  return [y, ...statistics];
};

const layersOf = (tensors: readonly Tensor[], count: number): PointLayer[] =>
  Array.from({ length: count }, (_, i) => {
    const [gamma, beta, weight, bias] = tensors.slice(4 * i);
    return { gamma, beta, weight, bias };
  });

onEveryForm('encodePoints', (run) => {
  const random = seeded(57);
  const input = (low: number, high: number, ...shape: number[]) => ({
    shape,
    values: randomFloats(
      random,
      shape.reduce((product, size) => product * size, 1),
      low,
      high,
    ),
  });
  /** Rows in no order; some segments have none, and the first one has a third of all rows. */
  const shapeOf = (rows: number, count: number, widths: readonly number[]): Shape => ({
    rows,
    widths,
    count,
    segmentOf: Int32Array.from({ length: rows }, () => {
      const s = Math.floor(random() * count * 1.5);
      return s < count && s % 5 !== 3 ? s : 0;
    }),
  });
  const parameters = (widths: readonly number[]) =>
    widths
      .slice(1)
      .flatMap((columns, i) => [
        input(0.5, 1.5, widths[i]),
        input(-0.5, 0.5, widths[i]),
        input(-1, 1, widths[i], columns),
        input(-1, 1, columns),
      ]);

  it.each([
    [40, 7, [9, 5, 3]],
    [300, 20, [9, 16, 33, 20]],
    [1, 1, [2, 3, 4]],
    [30, 6, [4, 5]],
    [2500, 3, [5, 8, 6]],
  ])('training: %p rows, %p segments, widths %p', async (rows, count, widths) => {
    const shape = shapeOf(rows, count, widths);
    const segments = segmentsOf(shape.segmentOf, count);
    const points = randomFloats(random, rows * widths[0], -2, 2);
    const inputs = parameters(widths);
    const encode = (tensors: readonly Tensor[]) =>
      encodePoints(tensor2d(points, [rows, widths[0]]), layersOf(tensors, widths.length - 1), segments, {
        epsilon,
      });
    await checkOp({
      run,
      inputs,
      // The statistics pass no gradient on, so they are checked for their values below.
      op: (...tensors) => [encode(tensors).y],
      reference: (...values) => reference(shape, [Float64Array.from(points), ...values], true).slice(0, 1),
      tolerance: 3e-4,
    });
    await checkOp({
      run,
      inputs,
      op: (...tensors) => encode(tensors).statistics.flatMap(({ mean, variance }) => [mean, variance]),
      reference: (...values) => reference(shape, [Float64Array.from(points), ...values], true).slice(1),
      gradients: false,
    });
  });

  it.each([
    [40, 7, [9, 5, 3]],
    [300, 20, [9, 16, 33, 20]],
    [30, 6, [4, 5]],
  ])('inference: %p rows, %p segments, widths %p', async (rows, count, widths) => {
    const shape = shapeOf(rows, count, widths);
    const segments = segmentsOf(shape.segmentOf, count);
    const layers = widths.length - 1;
    const statistics = widths
      .slice(0, layers)
      .flatMap((width) => [input(-1, 1, width), input(0.5, 2, width)].map(({ values }) => values));
    await checkOp({
      run,
      inputs: [input(-2, 2, rows, widths[0]), ...parameters(widths)],
      op: (x, ...tensors) => {
        const given = statistics.map((values) => tensor1d(values));
        const pairs = Array.from({ length: layers }, (_, i): PointStatistics => {
          const [mean, variance] = given.slice(2 * i);
          return { mean, variance };
        });
        return [
          encodePoints(x as Tensor2D, layersOf(tensors, layers), segments, { statistics: pairs, epsilon }).y,
        ];
      },
      reference: (...values) =>
        reference(shape, [...values, ...statistics.map((values) => Float64Array.from(values))], false).slice(
          0,
          1,
        ),
      tolerance: 2e-4,
    });
  });

  it('no rows', async () => {
    const widths = [3, 4, 2];
    await checkOp({
      run,
      inputs: [input(0, 1, 0, 3), ...parameters(widths)],
      op: (x, ...tensors) => [
        encodePoints(x as Tensor2D, layersOf(tensors, 2), segmentsOf(new Int32Array(0), 5)).y,
      ],
      reference: () => [new Float64Array(10)],
      gradients: false,
    });
  });

  it('says which shape or row does not fit', () => {
    const layer = (width: number, columns: number): PointLayer => ({
      gamma: zeros([width]),
      beta: zeros([width]),
      weight: zeros([width, columns]),
      bias: zeros([columns]),
    });
    const x = tensor2d([1, 2, 3, 4], [2, 2]);
    const all = segmentsOf(Int32Array.of(0, 1), 2);
    expect(() => run(() => encodePoints(x, [], all))).toThrow('no layers');
    expect(() => run(() => encodePoints(x, [layer(2, 3), layer(4, 3)], all))).toThrow('layers[1].weight');
    expect(() => run(() => encodePoints(x, [layer(2, 3)], segmentsOf(Int32Array.of(0, -1), 2)))).toThrow(
      'encodePoints: 1 of 2 rows have a segment, expected all',
    );
    expect(() => run(() => encodePoints(x, [layer(2, 3)], all, { statistics: [] }))).toThrow(
      'statistics of 0 layers, expected 1',
    );
  });
});
