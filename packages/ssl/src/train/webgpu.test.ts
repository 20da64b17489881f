/** @jest-environment ../../tools/jest/webgpu-environment.cjs */
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import '@tensorflow/tfjs-backend-cpu';
import { encodeScans } from '@nerfseg/backbone';
import { selectEngine } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { isLeft } from 'fp-ts/lib/Either.js';
import { methods } from '../methods/methods.js';
import { caseGradients, disposeCase, methodCase } from '../testing/method-case.js';
import { startStopwatch } from './stopwatch.js';
import { trainStep } from './train-step.js';

const why = (globalThis as { whyNoAdapter?: string }).whyNoAdapter;

/** The largest difference, as a share of the largest value (of 0.01 where all are smaller). */
const difference = (found: Float32Array, expected: Float32Array): number => {
  let [most, off] = [1e-2, 0];
  for (const [n, value] of expected.entries()) {
    most = Math.max(most, Math.abs(value));
    off = Math.max(off, Math.abs(found[n]! - value));
  }
  return off / most;
};

const startWebGpu = async (): Promise<void> => {
  const engine = await selectEngine('webgpu');
  if (isLeft(engine)) throw new Error(engine.left.found);
};

(why ? describe.skip : describe)(`the webgpu engine${why ? `: ${why}` : ''}`, () => {
  beforeEach(async () => {
    await tf.setBackend('cpu');
  });

  it('segments as the cpu engine does', async () => {
    const one = await methodCase('supervised');
    const { session, batch } = one;
    const inference = (): tf.Tensor2D =>
      tf.tidy(() => encodeScans(session.student, batch.plan, { training: false, levels: false }).logits);
    const cpuLogits = inference();
    const logits = new Float32Array(await cpuLogits.data());
    await startWebGpu();
    const gpuLogits = inference();
    expect(difference(new Float32Array(await gpuLogits.data()), logits)).toBeLessThan(1e-4);
    tf.dispose([cpuLogits, gpuLogits]);
    disposeCase(one);
  });

  it.each(['nerf', 'cps', 'nerf-lasermix'] as const)(
    'learns as the cpu engine does, and reads back nothing but the logged losses: %s',
    async (method) => {
      const one = await methodCase(method);
      const { session, batch, settings, ramp } = one;
      const cpu = await caseGradients(one);

      // The networks begin on the cpu engine: tensors move to the GPU where they are first used.
      await startWebGpu();
      const gpu = await caseGradients(one);
      for (const [name, loss] of Object.entries(cpu.losses)) expect(gpu.losses[name]).toBeCloseTo(loss, 4);
      expect(Object.keys(gpu.gradients)).toEqual(Object.keys(cpu.gradients));
      for (const [name, gradient] of Object.entries(cpu.gradients))
        expect([name, difference(gpu.gradients[name]!, gradient)]).toEqual([name, expect.closeTo(0, 2.7)]);

      const backend = tf.backend() as tf.KernelBackend & {
        getBufferData(buffer: object): Promise<ArrayBuffer>;
      };
      const [download, readSync] = [jest.spyOn(backend, 'getBufferData'), jest.spyOn(backend, 'readSync')];
      const before = tf.memory().numTensors;
      const losses = await trainStep(session, batch, methods[method].terms, settings, ramp, startStopwatch());
      expect(Object.values(losses).every(Number.isFinite)).toBe(true);
      expect(losses.total).toBeCloseTo(cpu.losses.total!, 4);
      expect(losses.gradientNorm).toBeGreaterThan(0);
      expect(tf.memory().numTensors).toBe(before);
      // One download for each logged number; the gradients' norm comes as one per parameter, in one download.
      expect(download).toHaveBeenCalledTimes(Object.keys(losses).length);
      expect(readSync).not.toHaveBeenCalled();
      download.mockRestore();
      readSync.mockRestore();
      disposeCase(one);
    },
    900_000,
  );
});
