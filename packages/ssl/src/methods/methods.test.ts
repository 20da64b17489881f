import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { caseArrays, inputDigest } from '../testing/case-arrays.js';
import { caseGradients, disposeCase, methodCase } from '../testing/method-case.js';
import { methodNames } from './method-names.js';
import { methods } from './methods.js';

/** What tools/method-steps computed with PyTorch: sampled values of each gradient. */
interface Fixture {
  readonly inputs: number;
  readonly losses: Readonly<Record<string, number>>;
  readonly gradients: Readonly<
    Record<string, { size: number; norm: number; sum: number; every: number; values: number[] }>
  >;
}

const readFixture = (method: string): Fixture =>
  JSON.parse(readFileSync(path.join(__dirname, '../testing/fixtures', `${method}.json`), 'utf8')) as Fixture;

describe('one step of each method equals PyTorch', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each(methodNames)('%s: losses and gradients', async (method) => {
    const fixture = readFixture(method);
    const one = await methodCase(method);
    // Other inputs than the fixture's: write it anew (node tools/method-steps/write.mjs).
    expect(inputDigest(caseArrays(one))).toBe(fixture.inputs);
    const { losses, gradients } = await caseGradients(one);
    disposeCase(one);
    expect(Object.keys(losses).sort()).toEqual(Object.keys(fixture.losses).sort());
    expect(Object.keys(losses)).toEqual(['total', ...methods[method].terms.map(({ name }) => name)]);
    for (const [name, loss] of Object.entries(fixture.losses))
      expect([name, Math.abs(losses[name]! - loss) / Math.max(1e-3, Math.abs(loss))]).toEqual([
        name,
        expect.closeTo(0, 4),
      ]);
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(fixture.gradients).sort());
    // How far off, as a multiple of what is allowed: 1e-4 of the gradient's norm, and 1e-5 where it is as good as zero
    // (a bias before a batch norm).
    const worst = { of: '', off: 0 };
    for (const [name, { size, norm, sum, every, values }] of Object.entries(fixture.gradients)) {
      const found = gradients[name]!;
      expect(found).toHaveLength(size);
      const differences = [
        Math.hypot(...found) - norm,
        (found.reduce((a, b) => a + b, 0) - sum) / Math.sqrt(size),
        ...values.map((value, i) => found[i * every]! - value),
      ];
      const off = Math.max(...differences.map(Math.abs)) / (1e-4 * norm + 1e-5);
      if (!(off <= worst.off)) Object.assign(worst, { of: name, off });
    }
    if (!(worst.off < 1)) throw new Error(`the gradient of ${worst.of} is ${worst.off} times too far off`);
  });
});
