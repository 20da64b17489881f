import { expect } from '@jest/globals';
import { add, dispose, grads, memory, mul, sum, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import type { RunForm } from './on-every-form.js';
import { randomFloats, seeded } from './random-data.js';

export interface OpInput {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface OpCheck {
  readonly run: RunForm;
  readonly inputs: readonly OpInput[];
  readonly op: (...inputs: Tensor[]) => Tensor[];
  /** The same in float64, by the definition. */
  readonly reference: (...inputs: Float64Array[]) => Float64Array[];
  /** Whether gradients are compared too. Default true. */
  readonly gradients?: boolean;
  /** Relative to max(1, |expected|). Default 1e-4. */
  readonly tolerance?: number;
}

/** Gradients are compared at no more than this many elements of each input. */
const probes = 24;

/**
 * Compares an op with its float64 reference: every output, and the gradient of a random linear function of the outputs
 * with central differences of the reference (in float64, so that they are exact enough). Also: nothing leaks, and a
 * second run gives the same bits.
 */
export const checkOp = async ({
  run,
  inputs,
  op,
  reference,
  gradients = true,
  tolerance = 1e-4,
}: OpCheck): Promise<void> => {
  const before = memory().numTensors;
  const exact = inputs.map(({ values }) => Float64Array.from(values));
  const expected = reference(...exact);
  const random = seeded(7);
  const mixing = expected.map((output) => randomFloats(random, output.length));
  const evaluate = (): Promise<Float32Array[]> =>
    valuesOf(() => {
      const tensors = inputs.map(({ shape, values }) => tensor(values, [...shape], 'float32'));
      return run(() => op(...tensors));
    });
  const actual = await evaluate();
  expect(actual).toHaveLength(expected.length);
  actual.forEach((output, n) => {
    expectClose(output, expected[n], tolerance, `output ${n}`);
  });
  expect(await evaluate()).toEqual(actual);
  if (gradients) {
    const loss = (values: Float64Array[]): number => {
      const outputs = reference(...values);
      return outputs.reduce(
        (total, output, n) => total + output.reduce((s, v, m) => s + v * mixing[n][m], 0),
        0,
      );
    };
    const analytic = await valuesOf(() => {
      const tensors = inputs.map(({ shape, values }) => tensor(values, [...shape], 'float32'));
      const gradientsOf = grads((...arguments_: Tensor[]) =>
        op(...arguments_)
          .map((output, n) => sum(mul(output, tensor(mixing[n], output.shape, 'float32'))))
          .reduce((total, part) => add(total, part)),
      );
      return run(() => gradientsOf(tensors)).map((gradient, n) => {
        expect(gradient.shape).toEqual(inputs[n].shape);
        return gradient;
      });
    });
    exact.forEach((values, n) => {
      const step = Math.max(1, Math.ceil(values.length / probes));
      for (let m = 0; m < values.length; m += step) {
        const at = values[m];
        const h = 1e-6;
        values[m] = at + h;
        const above = loss(exact);
        values[m] = at - h;
        const below = loss(exact);
        values[m] = at;
        const numeric = (above - below) / (2 * h);
        const difference = Math.abs(analytic[n][m] - numeric) / Math.max(1, Math.abs(numeric));
        if (!(difference <= tolerance * 10)) {
          throw new Error(`gradient of input ${n} at ${m}: ${analytic[n][m]}, finite difference ${numeric}`);
        }
      }
    });
  }
  expect(memory().numTensors).toBe(before);
};

/** The values of what `compute` makes; it and everything else that was made are freed. */
export const valuesOf = async (compute: () => Tensor[]): Promise<Float32Array[]> => {
  const tensors = tidy(compute);
  const values = await Promise.all(tensors.map((output) => output.data<'float32'>()));
  dispose(tensors);
  return values.map((value) => value.slice());
};

/** Throws where values differ by more than the tolerance. */
export const expectClose = (
  actual: Float32Array,
  expected: Float64Array | Float32Array,
  tolerance: number,
  what: string,
): void => {
  expect(actual.length).toBe(expected.length);
  for (let n = 0; n < expected.length; n++) {
    const difference = Math.abs(actual[n] - expected[n]) / Math.max(1, Math.abs(expected[n]));
    if (!(difference <= tolerance)) throw new Error(`${what}[${n}]: ${actual[n]}, expected ${expected[n]}`);
  }
};
