import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setBackend } from '@tensorflow/tfjs-core';
import * as E from 'fp-ts/lib/Either.js';
import type { RunForm } from '../testing/on-every-form.js';
import { nativeAddon } from './installed.js';
import { registerNativeBackend } from './register.js';

// The tests of the ops themselves (float64 references, finite differences, empty inputs, odd channel counts, leaks),
// once more on this backend: with every instruction set of the machine and several thread counts.
jest.mock('../testing/on-every-form.js', () => ({
  onEveryForm: (name: string, tests: (run: RunForm) => void) => {
    for (const isa of process.arch === 'x64' ? ['avx512', 'avx2', 'scalar'] : ['neon', 'scalar']) {
      describe(`${name}, native with ${isa}`, () => {
        let usable = false;
        let runs = 0;
        beforeAll(async () => {
          const engine = await registerNativeBackend();
          if (E.isLeft(engine)) return;
          await setBackend('nerfseg-cpu');
          usable = nativeAddon()!.isas().includes(isa);
          if (usable) nativeAddon()!.isa(isa);
        });
        tests((compute) => {
          if (!usable) return compute();
          nativeAddon()!.threads(1 + (runs++ % 4));
          return compute();
        });
      });
    }
  },
}));

require('../ops/sparse-conv3d.test.js');
require('../ops/rows.test.js');
require('../ops/activation-batch-norm.test.js');
require('../ops/encode-points.test.js');
require('../ops/rendering.test.js');
require('../ops/losses.test.js');
require('../ops/linear.test.js');
require('../ops/optimizing.test.js');

describe('registerNativeBackend', () => {
  it('gives an engine, or one line that says why not', async () => {
    const engine = await registerNativeBackend();
    if (E.isRight(engine)) expect(engine.right.threads).toBeGreaterThan(0);
    else expect(engine.left).toMatch(/^[^\n]+$/);
  });
});

describe('segmentMax', () => {
  it('refuses an order that names no row', async () => {
    await registerNativeBackend();
    const native = nativeAddon();
    if (!native) return;
    const max = (order: readonly number[]): Float32Array => {
      const y = new Float32Array(1);
      const [offsets, segmentOf, x] = [Int32Array.of(0, 2), Int32Array.of(0, 0), Float32Array.of(3, 5)];
      native.segmentMax(2, 1, 1, offsets, Int32Array.from(order), segmentOf, x, y);
      return y;
    };
    expect(max([0, 1])).toEqual(Float32Array.of(5));
    for (const order of [
      [0, -1],
      [0, 2],
    ])
      expect(() => max(order)).toThrow('not a row');
  });
});
