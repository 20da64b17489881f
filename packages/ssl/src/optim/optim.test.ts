import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { applyAdamW, createAdamW, disposeAdamW } from './adam-w.js';
import { clipGradients } from './clip-gradients.js';
import { oneCycle } from './one-cycle.js';

describe('oneCycle', () => {
  // Values printed by torch.optim.lr_scheduler.OneCycleLR(max_lr=1e-3, total_steps=10), PyTorch's defaults.
  const torch = [
    4e-5, 5.2e-4, 1e-3, 9.504846320134736e-4, 8.11745653949763e-4, 6.112620219362892e-4,
    3.8874197806371076e-4, 1.8825834605023698e-4, 4.9519367986526286e-5, 4e-9,
  ];
  it('equals PyTorch', () => {
    for (const [step, rate] of torch.entries()) expect(oneCycle(step, 10, 1e-3)).toBeCloseTo(rate, 9);
  });
});

describe('AdamW', () => {
  it('follows the reference recursion, decays matrices and spares vectors', async () => {
    await tf.setBackend('cpu');
    const random = createRandom(5);
    const before = tf.memory().numTensors;
    const start = Array.from({ length: 6 }, () => random.normal());
    const parameters = {
      matrix: tf.variable(tf.tensor2d(start, [2, 3])),
      vector: tf.variable(tf.tensor1d(start)),
    };
    const state = createAdamW(parameters);
    const reference = { matrix: [...start], vector: [...start] };
    const moments = { m: new Float64Array(6), v: new Float64Array(6) };
    for (let step = 1; step <= 5; step++) {
      const g = Array.from({ length: 6 }, () => random.normal());
      const gradients = { matrix: tf.tensor2d(g, [2, 3]), vector: tf.tensor1d(g) };
      applyAdamW(state, parameters, gradients, { learningRate: 0.1, weightDecay: 0.2 });
      tf.dispose(gradients);
      for (let i = 0; i < 6; i++) {
        moments.m[i] = 0.9 * moments.m[i]! + 0.1 * g[i]!;
        moments.v[i] = 0.999 * moments.v[i]! + 0.001 * g[i]! ** 2;
        const move =
          (0.1 * (moments.m[i]! / (1 - 0.9 ** step))) /
          (Math.sqrt(moments.v[i]! / (1 - 0.999 ** step)) + 1e-8);
        reference.matrix[i] = reference.matrix[i]! * (1 - 0.1 * 0.2) - move;
        reference.vector[i] = reference.vector[i]! - move;
      }
    }
    const close = (found: tf.Tensor, expected: number[]) =>
      found.dataSync().forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 4);
      });
    close(parameters.matrix, reference.matrix);
    close(parameters.vector, reference.vector);
    disposeAdamW(state);
    tf.dispose(parameters);
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(2); // the two initial tensors of the test itself
  });

  it('names a gradient that has no parameter', () => {
    const parameters = { a: tf.variable(tf.scalar(1)) };
    const state = createAdamW(parameters);
    expect(() =>
      applyAdamW(state, parameters, { b: tf.scalar(1) }, { learningRate: 1, weightDecay: 0 }),
    ).toThrow(/'b'/);
  });
});

describe('clipGradients', () => {
  it('scales to the joint norm and leaves smaller gradients alone', () => {
    const make = () => ({ a: tf.tensor1d([3, 0]), b: tf.scalar(4) });
    const clipped = clipGradients(make(), 1);
    expect(clipped.norm).toBeCloseTo(5, 5);
    expect(clipped.gradients.a!.dataSync()[0]).toBeCloseTo(0.6, 5);
    expect(clipped.gradients.b!.dataSync()[0]).toBeCloseTo(0.8, 5);
    expect(clipGradients(make(), 10).gradients.b!.dataSync()[0]).toBe(4);
  });
});
