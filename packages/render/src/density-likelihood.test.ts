import { beforeEach, describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { densityLikelihood, returnWindow, transmittanceAt } from './index.js';
import { evenRay, plainSamples } from './testing/fields.js';

beforeEach(() => tf.setBackend('cpu'));

const rays = [evenRay(10, 40), [], evenRay(20, 30), evenRay(4, 3)];
const samples = plainSamples(rays);
const range = Float32Array.of(6.1, 5, 17.3, 9);

const costs = (density: ArrayLike<number>): number[] => {
  let s = 0;
  return rays.flatMap((ray, r) => {
    const w = returnWindow(range[r]);
    let [free, hit, reached] = [0, 0, 0];
    for (const [t, delta] of ray) {
      const isHit = Math.abs(t - range[r]) <= w || (t - delta / 2 <= range[r] && t + delta / 2 >= range[r]);
      if (isHit) {
        hit += density[s] * delta;
        reached += delta;
      } else if (t < range[r]) free += density[s] * delta;
      s++;
    }
    return reached > 0 ? [Math.min(free, 8) - Math.log(1 - Math.exp(-hit - 1e-3))] : [];
  });
};

describe('densityLikelihood', () => {
  it('is the mean cost of the rays whose window is sampled, and its gradient is that of the cost', () => {
    const random = createRandom(2);
    for (const scale of [0.02, 0.3, 4]) {
      const values = Float32Array.from({ length: samples.sampleCount }, () => scale * (0.2 + random.next()));
      const mean = (d: ArrayLike<number>) => costs(d).reduce((a, b) => a + b, 0) / costs(d).length;
      expect(costs(values).length).toBe(2);
      const { value, grad } = tf.valueAndGrad((d: tf.Tensor) =>
        densityLikelihood(d as tf.Tensor1D, samples, range),
      )(tf.tensor1d(values));
      expect(value.dataSync()[0]).toBeCloseTo(mean(values), 4);
      const found = grad.dataSync();
      const step = scale * 1e-3;
      for (let s = 0; s < values.length; s += 3) {
        const [up, down] = [Float64Array.from(values), Float64Array.from(values)];
        up[s] += step;
        down[s] -= step;
        expect(Math.abs(found[s] - (mean(up) - mean(down)) / (2 * step))).toBeLessThan(2e-3);
      }
    }
  });

  it('is least where the density is: nothing before the return, all of it in the window', () => {
    const cost = (inWindow: number, before: number) => {
      const density = rays[0].map(([t]) => (Math.abs(t - 6.1) < 0.3 ? inWindow : t < 6 ? before : 0));
      const one = plainSamples([rays[0]]);
      return densityLikelihood(tf.tensor1d(density), one, Float32Array.of(6.1)).dataSync()[0];
    };
    expect(cost(20, 0)).toBeLessThan(0.05);
    expect(cost(20, 0)).toBeLessThan(cost(2, 0));
    expect(cost(20, 0)).toBeLessThan(cost(20, 0.1));
    expect(cost(0, 0)).toBeGreaterThan(5);
    expect(Number.isFinite(cost(0, 0))).toBe(true);
  });

  it.each(['cpu', 'wasm'])('weighs rays, and costs nothing where there are none, on %s', async (backend) => {
    await tf.setBackend(backend);
    const density = tf.fill([samples.sampleCount], 0.4) as tf.Tensor1D;
    const all = costs(density.dataSync());
    const weighted = densityLikelihood(density, samples, range, {
      rayWeights: Float32Array.of(1, 1, 3, 1),
    });
    expect(weighted.dataSync()[0]).toBeCloseTo((all[0] + 3 * all[1]) / 4, 4);
    const none = plainSamples([]);
    expect(densityLikelihood(tf.zeros([0]), none, new Float32Array(0)).dataSync()[0]).toBe(0);
    expect(densityLikelihood(tf.zeros([0]), plainSamples([[]]), Float32Array.of(3)).dataSync()[0]).toBe(0);
    expect(densityLikelihood(density, samples, new Float32Array(4)).dataSync()[0]).toBe(0);
    expect(() => densityLikelihood(density, samples, new Float32Array(3))).toThrow(RangeError);
  });

  it('leaves no tensors behind', () => {
    const density = tf.fill([samples.sampleCount], 0.4) as tf.Tensor1D;
    const before = tf.memory().numTensors;
    densityLikelihood(density, samples, range).dispose();
    transmittanceAt(density, samples, range).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('transmittanceAt', () => {
  it('attenuates by the density before the point', () => {
    const density = tf.fill([samples.sampleCount], 0.25) as tf.Tensor1D;
    const found = transmittanceAt(density, samples, range, () => 0.5).dataSync();
    expect(found[0]).toBeCloseTo(Math.exp(-0.25 * 5.5), 4);
    expect(found[1]).toBe(1);
    expect(found[2]).toBeCloseTo(Math.exp((-0.25 * 25 * 20) / 30), 4);
    expect(found[3]).toBeCloseTo(Math.exp(-0.25 * 4), 4);
  });
});
