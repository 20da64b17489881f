import { describe, expect, it } from '@jest/globals';
import { createRandom, type PointCloud, voxelize } from '@nerfseg/geometry';
import { adamW } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { getOrElseW } from 'fp-ts/lib/Either.js';
import {
  castLidarRays,
  createNerfHead,
  densityLikelihood,
  evaluateNerfHead,
  levelIndex,
  marchRays,
  medianDepth,
  renderField,
  returnWindow,
} from './index.js';
import { coarser, smallGrid } from './testing/scene.js';

/** Returns from a wall at x = 8 m, and from one half as far on its left. */
const returns = (count: number): PointCloud => {
  const random = createRandom(1);
  const positions = new Float32Array(count * 3);
  for (let n = 0; n < count; n++) {
    const across = random.next() * 2 - 1;
    const x = across > 0 ? 4 : 8;
    positions.set([x, across * x * 0.7, (random.next() - 0.5) * 1.5], n * 3);
  }
  return { positions, intensity: new Float32Array(count) };
};

describe('density from LiDAR returns', () => {
  it('learns where the walls are, though one level says nothing finer than 3 m', async () => {
    await tf.setBackend('cpu');
    const grid = smallGrid({ shape: [24, 24, 4] });
    const cloud = returns(160);
    const scan = getOrElseW(() => {
      throw new Error('the cloud has no voxels');
    })(voxelize(cloud, grid));
    const coarse = coarser(scan.coords, [6, 4, 4]);
    const levels = [
      levelIndex(scan.coords, grid, { stride: [1, 1, 1], shape: [24, 24, 4] }),
      levelIndex(coarse, grid, { stride: [6, 4, 4], shape: [4, 6, 1] }),
    ];
    const random = createRandom(2);
    const head = createNerfHead({ levelChannels: [4, 4], numClasses: 3, hidden: 16 }, random);
    const features = [scan.coords, coarse].map((c) =>
      tf.tensor2d(
        Float32Array.from({ length: (c.length / 3) * 4 }, () => random.normal()),
        [c.length / 3, 4],
      ),
    );
    const all = Int32Array.from({ length: 160 }, (_, n) => n);
    const { rays, range } = castLidarRays(cloud.positions, all, { near: 0.1, far: 11 });
    const weights = Object.values(head.trainable);
    const moments = weights.map((w): tf.Tensor[] => [tf.zerosLike(w), tf.zerosLike(w)]);
    const losses: number[] = [];
    const end = range.map((d) => d + 2 * returnWindow(d));
    for (let step = 1; step <= 40; step++) {
      const samples = marchRays(rays, grid, levels, { samples: 12, bins: 48, end, jitter: random });
      const { value, grads } = tf.variableGrads(
        () => densityLikelihood(evaluateNerfHead(head, features, samples).density, samples, range),
        weights,
      );
      losses.push(value.dataSync()[0]);
      weights.forEach((parameter, n) => {
        const gradient = grads[parameter.name];
        if (!gradient) return;
        const [firstMoment, secondMoment] = moments[n];
        const rates = { learningRate: 0.03, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: [0], step };
        const [[next, ...rest]] = adamW([{ parameter, gradient, firstMoment, secondMoment }], rates);
        parameter.assign(next);
        moments[n] = rest;
      });
    }
    expect(losses[39]).toBeLessThan(losses[0] / 3);
    const samples = marchRays(rays, grid, levels, { samples: 32 });
    const field = evaluateNerfHead(head, features, samples);
    const rendered = renderField(field, samples, { render: 'probabilities' });
    const errors = medianDepth(rendered.weights.dataSync<'float32'>(), samples)
      .map((d, r) => Math.abs(d - range[r]))
      .sort();
    expect(errors[80]).toBeLessThan(0.4);
  });
});
