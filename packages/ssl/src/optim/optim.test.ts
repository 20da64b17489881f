import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { accumulate } from './accumulate.js';
import { adamW } from './adam-w.js';
import { chain } from './chain.js';
import { clipByGlobalNorm } from './clip-by-global-norm.js';
import { oneCycle } from './one-cycle.js';
import {
  applyGradients,
  countersOf,
  createOptimizer,
  disposeOptimizer,
  restoreCounters,
} from './optimizer.js';
import { scale, scaleBySchedule } from './scale.js';
import { scheduleNames, scheduleOf } from './schedules.js';
import { sgd } from './sgd.js';
import type { Transformation } from './transformation.js';

describe('schedules', () => {
  // Values printed by torch.optim.lr_scheduler.OneCycleLR(max_lr=1e-3, total_steps=10), PyTorch's defaults.
  const torch = [
    4e-5, 5.2e-4, 1e-3, 9.504846320134736e-4, 8.11745653949763e-4, 6.112620219362892e-4,
    3.8874197806371076e-4, 1.8825834605023698e-4, 4.9519367986526286e-5, 4e-9,
  ];
  it("one-cycle equals PyTorch's", () => {
    for (const [step, rate] of torch.entries()) expect(oneCycle(step, 10, 1e-3)).toBeCloseTo(rate, 9);
    // With pct_start 0 its first phase ends at step -1: the fall has begun at step 0.
    for (let step = 0; step < 8; step++) {
      const fallen = 4e-9 + ((1e-3 - 4e-9) / 2) * (1 + Math.cos((Math.PI * (step + 1)) / 8));
      expect(oneCycle(step, 8, 1e-3, 0)).toBeCloseTo(fallen, 12);
    }
  });

  it('cosine and poly follow their formulas, and rise linearly before where asked to', () => {
    const rates = (schedule: 'cosine' | 'poly' | 'constant', warmup: number) =>
      Array.from({ length: 8 }, (_, step) =>
        scheduleOf({ schedule, steps: 8, learningRate: 2, warmup })(step),
      );
    for (let k = 0; k < 8; k++) {
      expect(rates('cosine', 0)[k]).toBeCloseTo(1 + Math.cos((Math.PI * k) / 8), 12);
      expect(rates('poly', 0)[k]).toBeCloseTo(2 * (1 - k / 8) ** 0.9, 12);
      expect(rates('constant', 0)[k]).toBe(2);
    }
    expect(rates('constant', 0.25)).toEqual([2 / 3, 4 / 3, 2, 2, 2, 2, 2, 2]);
    expect(rates('cosine', 0.5)[4]).toBe(2);
  });

  it('stay positive and at most the peak, for any run', () => {
    for (const schedule of scheduleNames)
      for (const steps of [1, 2, 3, 7, 100])
        for (const warmup of [0, 0.3, 1]) {
          const rate = scheduleOf({ schedule, steps, learningRate: 1, warmup });
          for (let step = 0; step < steps; step++) {
            expect(rate(step)).toBeGreaterThan(0);
            expect(rate(step)).toBeLessThanOrEqual(1);
          }
        }
  });
});

/** Runs an optimizer on random gradients beside a reference; gradients of 'vector' and 'matrix' are the same numbers. */
async function follow(
  transformation: Transformation,
  reference: (parameter: Float64Array, gradient: Float64Array, step: number, decays: boolean) => void,
  steps = 6,
): Promise<void> {
  await tf.setBackend('cpu');
  const random = createRandom(5);
  const start = Array.from({ length: 6 }, () => random.normal());
  const before = tf.memory().numTensors;
  const initial = [tf.tensor2d(start, [2, 3]), tf.tensor1d(start)];
  const parameters = { matrix: tf.variable(initial[0]!), vector: tf.variable(initial[1]!) };
  tf.dispose(initial);
  const optimizer = createOptimizer(transformation, parameters);
  const expected = { matrix: Float64Array.from(start), vector: Float64Array.from(start) };
  for (let step = 0; step < steps; step++) {
    const g = Float64Array.from({ length: 6 }, () => random.normal());
    await applyGradients(optimizer, { matrix: tf.tensor2d([...g], [2, 3]), vector: tf.tensor1d([...g]) });
    reference(expected.matrix, g, step, true);
    reference(expected.vector, g, step, false);
  }
  for (const name of ['matrix', 'vector'] as const)
    for (const [i, value] of parameters[name].dataSync().entries())
      expect(value).toBeCloseTo(expected[name][i]!, 4);
  disposeOptimizer(optimizer);
  tf.dispose(parameters);
  expect(tf.memory().numTensors).toBe(before);
}

/** AdamW as the paper writes it, in float64. */
const naiveAdamW = (rate: (step: number) => number, decay: number) => {
  const moments = new Map<Float64Array, { m: Float64Array; v: Float64Array }>();
  return (p: Float64Array, g: Float64Array, step: number, decays: boolean): void => {
    const own = moments.get(p) ?? { m: new Float64Array(p.length), v: new Float64Array(p.length) };
    moments.set(p, own);
    for (let i = 0; i < p.length; i++) {
      own.m[i] = 0.9 * own.m[i]! + 0.1 * g[i]!;
      own.v[i] = 0.999 * own.v[i]! + 0.001 * g[i]! ** 2;
      const m = own.m[i]! / (1 - 0.9 ** (step + 1));
      const v = own.v[i]! / (1 - 0.999 ** (step + 1));
      p[i] = p[i]! * (1 - (decays ? rate(step) * decay : 0)) - (rate(step) * m) / (Math.sqrt(v) + 1e-8);
    }
  };
};

describe('optimizers', () => {
  it('AdamW: the reference recursion; matrices decay, vectors do not', () =>
    follow(
      adamW({ learningRate: 0.1, weightDecay: 0.2 }),
      naiveAdamW(() => 0.1, 0.2),
    ));

  it('a schedule after AdamW is its learning rate', () => {
    const rate = (step: number): number => 0.1 / (1 + step);
    return follow(chain(adamW({ weightDecay: 0.2 }), scaleBySchedule(rate)), naiveAdamW(rate, 0.2));
  });

  it('the fused step and the same step taken as tensors agree', () => {
    // Clipping to more than any step is long asks for the tensors and changes nothing.
    const plain = chain(adamW({ weightDecay: 0.2 }), clipByGlobalNorm(1e9), scale(0.1));
    return follow(
      plain,
      naiveAdamW(() => 0.1, 0.2),
    );
  });

  it.each([
    [0, false, 0],
    [0.9, false, 0],
    [0.9, false, 0.1],
    [0.8, true, 0.1],
  ])('SGD with momentum %p, nesterov %p, decay %p: the recursion of PyTorch', (momentum, nesterov, decay) => {
    const velocities = new Map<Float64Array, Float64Array>();
    return follow(
      chain(sgd({ momentum, nesterov, weightDecay: decay }), scale(0.1)),
      (p, g, _step, decays) => {
        const velocity = velocities.get(p) ?? new Float64Array(p.length);
        velocities.set(p, velocity);
        for (let i = 0; i < p.length; i++) {
          const d = g[i]! + (decays ? decay * p[i]! : 0);
          velocity[i] = momentum * velocity[i]! + d;
          p[i] = p[i]! - 0.1 * (nesterov ? d + momentum * velocity[i]! : velocity[i]!);
        }
      },
    );
  });

  it('gathering three batches is one step on their mean', () => {
    const sums = new Map<Float64Array, Float64Array>();
    return follow(chain(accumulate(3), sgd(), scale(0.1)), (p, g, step) => {
      const sum = sums.get(p) ?? new Float64Array(p.length);
      sums.set(p, sum);
      for (let i = 0; i < p.length; i++) {
        sum[i] = sum[i]! + g[i]!;
        if (step % 3 !== 2) continue;
        p[i] = p[i]! - 0.1 * (sum[i]! / 3);
        sum[i] = 0;
      }
    });
  });

  it('clips to the joint norm, and leaves smaller gradients alone', async () => {
    await tf.setBackend('cpu');
    for (const [limit, expected] of [
      [1, [-0.6, 0, -0.8]],
      [10, [-3, 0, -4]],
    ] as const) {
      const parameters = { a: tf.variable(tf.tensor1d([0, 0])), b: tf.variable(tf.scalar(0)) };
      let told = 0;
      const optimizer = createOptimizer(
        chain(
          clipByGlobalNorm(limit, (norm) => {
            told = norm;
          }),
          sgd(),
        ),
        parameters,
      );
      await applyGradients(optimizer, { a: tf.tensor1d([3, 0]), b: tf.scalar(4) });
      expect(told).toBeCloseTo(5, 5);
      const found = [...parameters.a.dataSync(), ...parameters.b.dataSync()];
      for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
    }
  });

  it('does not move where it may not, and names a gradient that has no parameter', async () => {
    const parameters = { a: tf.variable(tf.scalar(1)) };
    const optimizer = createOptimizer(adamW({ learningRate: 1 }), parameters);
    await expect(applyGradients(optimizer, { b: tf.scalar(1) })).rejects.toThrow(/'b'/);
    const before = tf.memory().numTensors;
    await applyGradients(optimizer, { a: tf.scalar(Number.NaN) }, () => false);
    expect(parameters.a.dataSync()[0]).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("gives its counters, takes them back, and refuses another optimizer's", async () => {
    const parameters = { a: tf.variable(tf.scalar(1)) };
    const make = () =>
      createOptimizer(
        chain(
          accumulate(2),
          adamW(),
          scaleBySchedule(() => 1),
        ),
        parameters,
      );
    const [one, other] = [make(), make()];
    for (let i = 0; i < 3; i++) await applyGradients(one, { a: tf.scalar(1) });
    const saved = countersOf(one.state);
    expect(saved).toEqual([{}, { gathered: 1 }, { step: 1 }, { step: 1 }]);
    expect(restoreCounters(other.state, saved)).toBe(true);
    expect(countersOf(other.state)).toEqual(saved);
    expect(restoreCounters(createOptimizer(sgd(), parameters).state, saved)).toBe(false);
    expect(() => chain(adamW(), adamW()).init(parameters)).toThrow(/same names/);
  });
});
