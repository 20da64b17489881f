/** @jest-environment ../../tools/jest/webgpu-environment.cjs */
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import '@tensorflow/tfjs-backend-cpu';
import { getKernelsForBackend } from '@tensorflow/tfjs-core';
import { isLeft } from 'fp-ts/lib/Either.js';
import { selectEngine } from '../engine/select-engine.js';
import * as kernels from '../kernels.js';
import type { RunForm } from '../testing/on-every-form.js';

const why = (globalThis as { whyNoAdapter?: string }).whyNoAdapter;

// The tests of the ops themselves (float64 references, finite differences, empty inputs, odd channel counts, leaks, the same
// bits twice), once more with the WGSL kernels.
jest.mock('../testing/on-every-form.js', () => ({
  onEveryForm: (name: string, tests: (run: RunForm) => void) => {
    (why ? describe.skip : describe)(`${name}, webgpu${why ? `: ${why}` : ''}`, () => {
      beforeAll(async () => {
        const engine = await selectEngine('webgpu');
        if (isLeft(engine)) throw new Error(engine.left.found);
      });
      tests((compute) => compute());
    });
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

(why ? describe.skip : describe)('webgpu kernels', () => {
  it('are there for every primitive', async () => {
    const engine = await selectEngine('webgpu');
    if (isLeft(engine)) throw new Error(engine.left.found);
    const registered = new Set(getKernelsForBackend('webgpu').map(({ kernelName }) => kernelName));
    const names = Object.values(kernels).map(String);
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) expect(registered).toContain(name);
  });
});
