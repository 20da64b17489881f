import { describe, expect, it } from '@jest/globals';
import {
  add,
  dispose,
  memory,
  mul,
  scalar,
  square,
  stack,
  sum,
  type Tensor,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { expectClose, valuesOf } from '../testing/check-op.js';
import { onEveryForm } from '../testing/on-every-form.js';
import { randomFloats, seeded } from '../testing/random-data.js';
import { adamW } from './adam-w.js';
import { squareSums } from './square-sums.js';
import { weightedSums } from './weighted-sums.js';

/** Sizes below, at and beside a vector's width, of several threads' share, a number, and nothing. */
const shapes = [[2, 3], [], [1], [16], [37], [3, 5, 7], [300, 400], [0]];
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

onEveryForm('optimizing', (run) => {
  const random = seeded(61);
  const draw = (low = -1, high = 1): Float32Array[] =>
    shapes.map((shape) => randomFloats(random, sizeOf(shape), low, high));
  const tensors = (values: readonly Float32Array[]): Tensor[] =>
    values.map((data, k) => tensor(data, shapes[k], 'float32'));

  it('adamW: three steps of many parameters, each with its decay', async () => {
    const rates = { learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    const weightDecay = shapes.map((_, k) => 0.1 * k);
    const before = memory().numTensors;
    const start = draw();
    const zeros = (): Float32Array[] => shapes.map((shape) => new Float32Array(sizeOf(shape)));
    let state = [start, zeros(), zeros()].map(tensors);
    const expected = [start, zeros(), zeros()].map((all) => all.map((one) => Float64Array.from(one)));
    for (const step of [1, 2, 3]) {
      const slopes = draw();
      const [parameters, firstMoments, secondMoments] = state;
      const gradients = tensors(slopes);
      const states = parameters.map((parameter, k) => ({
        parameter,
        gradient: gradients[k],
        firstMoment: firstMoments[k],
        secondMoment: secondMoments[k],
      }));
      const moved = run(() => adamW(states, { ...rates, weightDecay, step }));
      dispose([...state.flat(), ...gradients]);
      state = [0, 1, 2].map((part) => moved.map((one) => one[part]));
      const [ps, ms, vs] = expected;
      for (const [k, slope] of slopes.entries())
        slope.forEach((g, i) => {
          const [p, m, v] = [ps[k], ms[k], vs[k]];
          p[i] -= rates.learningRate * weightDecay[k] * p[i];
          m[i] = 0.9 * m[i] + 0.1 * g;
          v[i] = 0.999 * v[i] + 0.001 * g * g;
          p[i] -=
            (rates.learningRate * m[i]) / (1 - 0.9 ** step) / (Math.sqrt(v[i] / (1 - 0.999 ** step)) + 1e-8);
        });
    }
    for (const [part, all] of state.entries())
      for (const [k, one] of all.entries()) {
        expect(one.shape).toEqual(shapes[k]);
        expectClose(await one.data<'float32'>(), expected[part][k], 2e-5, `part ${part} of ${k}`);
      }
    dispose(state.flat());
    expect(memory().numTensors).toBe(before);
  });

  it.each([1, 0.75])('weightedSums: the bits of mul and add, a weight %p or one for each', async (shared) => {
    const before = memory().numTensors;
    const [x, y] = [draw(-9, 9), draw(-9, 9)];
    const weights = shapes.map((_, k) => 0.3 + k / 7);
    const found = await valuesOf(() => [
      ...run(() =>
        weightedSums({ tensors: tensors(x), weight: shared }, { tensors: tensors(y), weight: weights }),
      ),
      ...run(() => weightedSums({ tensors: tensors(y), weight: weights })),
    ]);
    const composed = await valuesOf(() => [
      ...shapes.map((_, k) => {
        const [a, b] = [tensors(x)[k], tensors(y)[k]];
        return add(mul(a, scalar(shared)), mul(b, scalar(weights[k])));
      }),
      ...shapes.map((_, k) => mul(tensors(y)[k], scalar(weights[k]))),
    ]);
    expect(found).toEqual(composed);
    for (const [k, values] of x.entries())
      expectClose(
        found[k],
        Float64Array.from(values, (value, i) => shared * value + weights[k] * y[k][i]),
        1e-6,
        `sum ${k}`,
      );
    expect(memory().numTensors).toBe(before);
  });

  it('squareSums: square and sum', async () => {
    const before = memory().numTensors;
    const x = draw(-3, 3);
    const [found] = await valuesOf(() => run(() => [squareSums(tensors(x))]));
    const [composed] = await valuesOf(() => [
      // tfjs-wasm does not clear the sum of an empty tensor.
      stack(tensors(x).map((one) => (one.size === 0 ? scalar(0) : sum(square(one))))),
    ]);
    expectClose(found, composed, 1e-5, 'composed');
    expectClose(
      found,
      Float64Array.from(x, (values) => values.reduce((total, value) => total + value * value, 0)),
      1e-4,
      'sums',
    );
    expect(memory().numTensors).toBe(before);
  });

  it('no tensors, or a sum that is not a number, go through', async () => {
    expect(adamW([], { learningRate: 1, beta1: 0, beta2: 0, epsilon: 1, weightDecay: [], step: 1 })).toEqual(
      [],
    );
    expect(weightedSums({ tensors: [], weight: 1 })).toEqual([]);
    const [sums] = await valuesOf(() => run(() => [squareSums([tensor([1, Number.NaN]), tensor([2])])]));
    expect([...sums]).toEqual([Number.NaN, 4]);
  });
});

describe('ops over many tensors', () => {
  it('refuse tensors of another type, which a GPU would read as other numbers', () => {
    tidy(() => {
      const [ints, floats] = [tensor([1, 2], [2], 'int32'), tensor([1, 2])];
      const one = { parameter: ints, gradient: floats, firstMoment: floats, secondMoment: floats };
      const rates = { learningRate: 1, beta1: 0, beta2: 0, epsilon: 1, step: 1, weightDecay: [0] };
      expect(() => adamW([one], rates)).toThrow('parameter is int32, expected float32');
      expect(() => weightedSums({ tensors: [ints], weight: 1 })).toThrow(
        'first[0] is int32, expected float32',
      );
      expect(() => squareSums([floats, ints])).toThrow('[1] is int32, expected float32');
    });
  });

  it('refuse lists that do not fit', () => {
    tidy(() => {
      const [a, b] = [tensor([1, 2]), tensor([1, 2, 3])];
      const one = { parameter: a, gradient: a, firstMoment: a, secondMoment: a };
      const rates = { learningRate: 1, beta1: 0, beta2: 0, epsilon: 1, step: 1 };
      expect(() => adamW([one], { ...rates, weightDecay: [] })).toThrow('0 weight decays for 1 parameters');
      expect(() => adamW([{ ...one, gradient: b }], { ...rates, weightDecay: [0] })).toThrow(
        'gradient has shape [3], expected [2]',
      );
      expect(() => weightedSums({ tensors: [a], weight: [1, 2] })).toThrow('1 tensors and 2 weights');
      expect(() => weightedSums({ tensors: [a], weight: 1 }, { tensors: [b], weight: 1 })).toThrow(
        'second[0] has shape [3], expected [2]',
      );
      expect(() => squareSums([])).toThrow('at least one tensor');
    });
  });
});
