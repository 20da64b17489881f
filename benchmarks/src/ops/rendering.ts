import { compositeRays, type PackedRays, sampleVoxels, type VoxelInterpolation } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { agree, measure, type OpsBench } from './measure.js';

const rays = 2048;
const perRay = 64;
const samples = rays * perRay;
const classes = 20;
const voxels = 18000;
const channels = 64;

const rate = (ms: number): string => `${(samples / ms / 1e3).toFixed(1)} M samples/s`;

/** Voxel sampling and ray compositing with gradients, 2 cameras of 1,024 rays with 64 samples. */
export const rendering = async (bench: OpsBench): Promise<void> => {
  const { torch } = bench;
  const random = (n: number, seed: number): Float32Array =>
    tf.tidy(() => tf.randomUniform([n], 0, 1, 'float32', seed).dataSync() as Float32Array);
  const features = tf.randomNormal([voxels, channels], 0, 1, 'float32', 1) as tf.Tensor2D;
  const interpolation: VoxelInterpolation = {
    corners: 8,
    indices: Int32Array.from(random(samples * 8, 2), (r, i) =>
      r < 0.3 ? -1 : Math.min(voxels - 1, Math.floor((i / samples / 8) * (voxels - 100) + r * 100)),
    ),
    weights: random(samples * 8, 3).map((r) => r / 8),
  };
  const sampleGradient = tf.grad((x) => sampleVoxels(x as tf.Tensor2D, interpolation));
  const dSample = tf.ones([samples, channels]) as tf.Tensor2D;
  if (torch) {
    await torch.array('features', features.dataSync() as Float32Array, features.shape);
    await torch.array('indices', interpolation.indices, [samples, 8]);
    await torch.array('weights', interpolation.weights, [samples, 8]);
    const names = { features: 'features', indices: 'indices', weights: 'weights' };
    await torch.prepare('sample', 'rendering.sample_case', names);
    await agree(
      torch,
      'sample',
      tf.tidy(() => sampleVoxels(features, interpolation).dataSync()),
      1e-4,
    );
  }
  await measure(bench, {
    name: `voxel sampling, ${samples} samples x 8 corners x ${channels} channels, forward and backward`,
    ours: () => sampleGradient(features, dSample).dispose(),
    ...(torch ? { peer: 'sample' } : {}),
    note: rate,
  });

  const packed: PackedRays = {
    rayOffsets: Int32Array.from({ length: rays + 1 }, (_, r) => r * perRay),
    t: Float32Array.from({ length: samples }, (_, s) => 1 + (s % perRay) * 0.7),
    delta: new Float32Array(samples).fill(0.7),
  };
  const density = tf.randomUniform([samples], 0, 1, 'float32', 4) as tf.Tensor1D;
  const values = tf.softmax(tf.randomNormal([samples, classes], 0, 1, 'float32', 5)) as tf.Tensor2D;
  const composite = tf.grads((d, v) => {
    const out = compositeRays(d as tf.Tensor1D, v as tf.Tensor2D, packed);
    return tf.addN([tf.sum(out.values), tf.sum(out.opacity), tf.sum(out.depth)]);
  });
  if (torch) {
    await torch.array('density', density.dataSync() as Float32Array, [samples]);
    await torch.array('values', values.dataSync() as Float32Array, [samples, classes]);
    await torch.array('offsets', packed.rayOffsets, [rays + 1]);
    await torch.array('t', packed.t, [samples]);
    await torch.array('delta', packed.delta, [samples]);
    const names = { density: 'density', values: 'values', offsets: 'offsets', t: 't', delta: 'delta' };
    await torch.prepare('composite', 'rendering.composite_case', names);
    await agree(
      torch,
      'composite',
      tf.tidy(() => compositeRays(density, values, packed).values.dataSync()),
      1e-4,
    );
  }
  await measure(bench, {
    name: `ray compositing, ${rays} rays x ${perRay} samples x ${classes} classes, forward and backward`,
    ours: () => tf.dispose(composite([density, values])),
    ...(torch ? { peer: 'composite' } : {}),
    note: rate,
  });
  tf.dispose([features, dSample, density, values]);
};
