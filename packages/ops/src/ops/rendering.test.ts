import { expect, it } from '@jest/globals';
import { type Tensor1D, type Tensor2D, tensor1d, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { PackedRays } from '../kernels.js';
import { checkOp, valuesOf } from '../testing/check-op.js';
import { onEveryForm } from '../testing/on-every-form.js';
import { randomFloats, randomInts, seeded } from '../testing/random-data.js';
import { compositeRays } from './composite-rays.js';
import { sampleVoxels } from './sample-voxels.js';

const randomRays = (random: () => number, lengths: readonly number[]): PackedRays => {
  const rayOffsets = new Int32Array(lengths.length + 1);
  lengths.forEach((length, r) => {
    rayOffsets[r + 1] = rayOffsets[r] + length;
  });
  const samples = rayOffsets[lengths.length];
  return { rayOffsets, t: randomFloats(random, samples, 1, 5), delta: randomFloats(random, samples, 0.1, 1) };
};

/** By the definition, with the product of (1 - alpha). */
const composited =
  ({ rayOffsets, t, delta }: PackedRays, channels: number) =>
  (density: Float64Array, values: Float64Array): Float64Array[] => {
    const rays = rayOffsets.length - 1;
    const y = new Float64Array(rays * channels);
    const opacity = new Float64Array(rays);
    const depth = new Float64Array(rays);
    const weights = new Float64Array(density.length);
    for (let r = 0; r < rays; r++) {
      let transmittance = 1;
      for (let s = rayOffsets[r]; s < rayOffsets[r + 1]; s++) {
        const alpha = 1 - Math.exp(-density[s] * delta[s]);
        weights[s] = alpha * transmittance;
        transmittance *= 1 - alpha;
        opacity[r] += weights[s];
        depth[r] += weights[s] * t[s];
        for (let c = 0; c < channels; c++) y[r * channels + c] += weights[s] * values[s * channels + c];
      }
    }
    return [y, opacity, depth, weights];
  };

onEveryForm('volume rendering', (run) => {
  const random = seeded(41);

  it('compositeRays adds up what thin samples stop', async () => {
    for (const each of [1e-7, 2e-8]) {
      const samples = 1000;
      const rays = {
        rayOffsets: Int32Array.of(0, samples),
        t: new Float32Array(samples).fill(1),
        delta: new Float32Array(samples).fill(1),
      };
      const [opacity] = await valuesOf(() =>
        run(() => {
          const density = tensor1d(new Float32Array(samples).fill(each));
          return [compositeRays(density, zeros([samples, 1]) as Tensor2D, rays).opacity];
        }),
      );
      expect(Math.abs(opacity[0] / (samples * each) - 1)).toBeLessThan(1e-3);
    }
  });

  it.each([
    [[4, 1, 7, 3], 5],
    [[0, 6, 0, 0, 2, 0], 1],
    [[1], 3],
    [[0, 0], 2],
    [[], 2],
    [[40, 12], 17],
  ] as const)('compositeRays: rays of %p samples, %p channels', async (lengths, channels) => {
    const rays = randomRays(random, lengths);
    const samples = rays.t.length;
    await checkOp({
      run,
      inputs: [
        { shape: [samples], values: randomFloats(random, samples, 0, 3) },
        { shape: [samples, channels], values: randomFloats(random, samples * channels) },
      ],
      op: (density, values) => {
        const {
          values: y,
          opacity,
          depth,
          weights,
        } = compositeRays(density as Tensor1D, values as Tensor2D, rays);
        return [y, opacity, depth, weights];
      },
      reference: composited(rays, channels),
    });
  });

  it.each(['values', 'opacity', 'depth', 'weights'] as const)(
    'compositeRays: the gradient of the %s alone',
    async (output) => {
      const rays = randomRays(random, [4, 0, 3]);
      await checkOp({
        run,
        inputs: [
          { shape: [7], values: randomFloats(random, 7, 0, 3) },
          { shape: [7, 2], values: randomFloats(random, 14) },
        ],
        op: (density, values) => [compositeRays(density as Tensor1D, values as Tensor2D, rays)[output]],
        reference: (density, values) => [
          composited(rays, 2)(density, values)[['values', 'opacity', 'depth', 'weights'].indexOf(output)],
        ],
      });
    },
  );

  it('compositeRays refuses offsets that are none', () => {
    const [t, delta] = [new Float32Array(4), new Float32Array(4)];
    const values = zeros([4, 1]) as Tensor2D;
    const composite = (offsets: number[]) => () =>
      compositeRays(tensor1d(new Float32Array(4)), values, {
        rayOffsets: Int32Array.from(offsets),
        t,
        delta,
      });
    expect(composite([2, 4])).toThrow('begin at 2, expected 0');
    expect(composite([0, 6, 4])).toThrow('descend from 6 to 4 at ray 2');
    const none = { corners: 0, indices: new Int32Array(0), weights: new Float32Array(0) };
    expect(() => sampleVoxels(values, none)).toThrow('0 corners');
  });

  it('compositeRays is stable where matter is opaque, and where there is none', async () => {
    const rays: PackedRays = {
      rayOffsets: Int32Array.of(0, 3, 5),
      t: Float32Array.of(1, 2, 3, 1, 2),
      delta: Float32Array.of(1, 1, 1, 1, 1),
    };
    const outputs = await valuesOf(() =>
      run(() => {
        const density = tensor1d([0, 1e20, 1e20, 0, 0]);
        const { values, opacity, depth, weights } = compositeRays(
          density,
          tensor2d([[1], [2], [3], [4], [5]]),
          rays,
        );
        return [values, opacity, depth, weights];
      }),
    );
    expect(outputs.map((output) => [...output])).toEqual([
      [2, 0],
      [1, 0],
      [2, 0],
      [0, 1, 0, 0, 0],
    ]);
  });

  it.each([
    [20, 30, 8, 5],
    [1, 1, 1, 1],
    [7, 3, 4, 17],
    [0, 4, 8, 2],
    [5, 0, 8, 2],
  ])(
    'sampleVoxels: %p samples of %p voxels, %p corners, %p channels',
    async (samples, rows, corners, channels) => {
      const interpolation = {
        corners,
        indices: randomInts(random, samples * corners, -1, rows),
        weights: randomFloats(random, samples * corners),
      };
      await checkOp({
        run,
        inputs: [{ shape: [rows, channels], values: randomFloats(random, rows * channels) }],
        op: (features) => [sampleVoxels(features as Tensor2D, interpolation)],
        reference: (features) => {
          const y = new Float64Array(samples * channels);
          interpolation.indices.forEach((row, n) => {
            if (row < 0) return;
            for (let c = 0; c < channels; c++) {
              y[Math.floor(n / corners) * channels + c] +=
                interpolation.weights[n] * features[row * channels + c];
            }
          });
          return [y];
        },
      });
    },
  );
});
