import {
  createCylinder3d,
  cylinder3dConfig,
  disposeNetwork,
  encodeScans,
  levelChannels,
  planScans,
} from '@nerfseg/backbone';
import { createRandom } from '@nerfseg/geometry';
import { compositeRays, type PackedRays, sampleVoxels, type VoxelInterpolation } from '@nerfseg/ops';
import { createNerfHead, disposeNerfHead, evaluateNerfHead, marchRays } from '@nerfseg/render';
import { scanIndices } from '@nerfseg/ssl';
import * as tf from '@tensorflow/tfjs-core';
import { fan } from '../ops/train-step.js';
import { valuesOf } from './convolutions.js';
import { type GpuBench, measure, type PeerCase } from './measure.js';
import { peerCase } from './peer-case.js';
import { type Scans, thin, voxelsOf } from './scans.js';

const classes = 20;

const sampling = async (bench: GpuBench): Promise<void> => {
  const { rays, perRay, sampledVoxels: voxels, sampledChannels: channels } = bench.sizes;
  const samples = rays * perRay;
  const random = createRandom(2);
  const features = tf.randomNormal([voxels, channels], 0, 1, 'float32', 1) as tf.Tensor2D;
  const near = Math.min(100, voxels >> 1);
  const interpolation: VoxelInterpolation = {
    corners: 8,
    indices: Int32Array.from({ length: samples * 8 }, (_, i) => {
      const r = random.next();
      return r < 0.3 ? -1 : Math.min(voxels - 1, Math.floor((i / samples / 8) * (voxels - near) + r * near));
    }),
    weights: Float32Array.from({ length: samples * 8 }, () => random.next() / 8),
  };
  const gradient = tf.grad((x) => sampleVoxels(x as tf.Tensor2D, interpolation));
  const dy = tf.ones([samples, channels]) as tf.Tensor2D;
  let peers: PeerCase[] = [];
  if (bench.cuda) {
    await bench.cuda.array('features', (await features.data()) as Float32Array, features.shape);
    await bench.cuda.array('indices', interpolation.indices, [samples, 8]);
    await bench.cuda.array('weights', interpolation.weights, [samples, 8]);
    peers = await peerCase(bench, {
      name: 'PyTorch',
      id: 'sample',
      build: 'rendering.sample_case',
      arguments: { features: 'features', indices: 'indices', weights: 'weights' },
      ours: await valuesOf(sampleVoxels(features, interpolation)),
      tolerance: 1e-4,
    });
  }
  const name = `voxel sampling, ${samples} samples x 8 corners x ${channels} channels`;
  const bytes = 4 * (samples * (16 + channels) + voxels * channels);
  await measure(bench, {
    name: `${name}, forward`,
    run: () => sampleVoxels(features, interpolation).dispose(),
    samples,
    bytes,
  });
  await measure(bench, {
    name: `${name}, forward and backward`,
    run: () => gradient(features, dy).dispose(),
    samples,
    bytes: 2 * bytes,
    peers,
  });
  tf.dispose([features, dy]);
  await bench.cuda?.forget('sample', 'features', 'indices', 'weights');
};

const compositing = async (bench: GpuBench): Promise<void> => {
  const { rays, perRay } = bench.sizes;
  const samples = rays * perRay;
  const packed: PackedRays = {
    rayOffsets: Int32Array.from({ length: rays + 1 }, (_, r) => r * perRay),
    t: Float32Array.from({ length: samples }, (_, s) => 1 + (s % perRay) * 0.7),
    delta: new Float32Array(samples).fill(0.7),
  };
  const density = tf.randomUniform([samples], 0, 1, 'float32', 4) as tf.Tensor1D;
  const values = tf.tidy(() =>
    tf.softmax(tf.randomNormal([samples, classes], 0, 1, 'float32', 5)),
  ) as tf.Tensor2D;
  const gradients = tf.grads((d, v) => {
    const out = compositeRays(d as tf.Tensor1D, v as tf.Tensor2D, packed);
    return tf.addN([tf.sum(out.values), tf.sum(out.opacity), tf.sum(out.depth)]);
  });
  let peers: PeerCase[] = [];
  if (bench.cuda) {
    await bench.cuda.array('density', (await density.data()) as Float32Array, [samples]);
    await bench.cuda.array('values', (await values.data()) as Float32Array, [samples, classes]);
    await bench.cuda.array('offsets', packed.rayOffsets, [rays + 1]);
    await bench.cuda.array('t', packed.t, [samples]);
    await bench.cuda.array('delta', packed.delta, [samples]);
    peers = await peerCase(bench, {
      name: 'PyTorch',
      id: 'composite',
      build: 'rendering.composite_case',
      arguments: { density: 'density', values: 'values', offsets: 'offsets', t: 't', delta: 'delta' },
      ours: await valuesOf(tf.tidy(() => compositeRays(density, values, packed).values)),
      tolerance: 1e-4,
    });
  }
  const name = `ray compositing, ${rays} rays x ${perRay} samples x ${classes} classes`;
  const bytes = 4 * (samples * (classes + 4) + rays * (classes + 3));
  await measure(bench, {
    name: `${name}, forward`,
    run: () => tf.dispose({ ...compositeRays(density, values, packed) }),
    samples,
    bytes,
  });
  await measure(bench, {
    name: `${name}, forward and backward`,
    run: () => tf.dispose(gradients([density, values])),
    samples,
    bytes: 2 * bytes + 4 * samples * (classes + 1),
    peers,
  });
  tf.dispose([density, values]);
  await bench.cuda?.forget('composite', 'density', 'values', 'offsets', 't', 'delta');
};

/** The method's rendering: features of all levels at every sample, the NeRF head, compositing. */
const wholeRendering = async (bench: GpuBench, scans: Scans): Promise<void> => {
  const { networks, small, everyPoint, rays, perRay } = bench.sizes;
  const { shape, width } = networks[networks.length - 1]!;
  const scan = voxelsOf(thin(scans.points[0], everyPoint), shape);
  const config = cylinder3dConfig({ ...small, numClasses: classes, width, kernelMaps: 'paper' });
  const network = createCylinder3d(config, createRandom(1));
  const head = createNerfHead({ levelChannels: levelChannels(config), numClasses: classes }, createRandom(2));
  const plan = planScans([scan], config);
  const { logits, levels } = encodeScans(network, plan, { training: false });
  const features = levels.map((level) => level.features);
  const samples = marchRays(fan(rays), scan.grid, scanIndices(plan.levels, 0, scan.grid), {
    samples: perRay,
    interpolation: 'trilinear',
  });
  const render = (): tf.Scalar => {
    const field = evaluateNerfHead(head, features, samples);
    const { values, depth } = compositeRays(field.density, tf.softmax(field.logits), samples);
    return tf.add(tf.sum(values), tf.sum(depth));
  };
  const name = `rendering, ${rays} rays, ${samples.sampleCount} samples, ${features.length} levels, head, compositing`;
  await measure(bench, {
    name: `${name}, forward`,
    run: () => tf.tidy(render).dispose(),
    samples: samples.sampleCount,
    byProgram: true,
  });
  const learned = Object.values(head.trainable);
  await measure(bench, {
    name: `${name}, forward and backward to the head's weights`,
    run: () => {
      const { value, grads } = tf.variableGrads(render, learned);
      tf.dispose([value, grads]);
    },
    samples: samples.sampleCount,
    byProgram: true,
  });
  tf.dispose([logits, ...features]);
  disposeNetwork(network);
  disposeNerfHead(head);
};

/** Samples per second: of the two ops, and of the whole. */
export const rendering = async (bench: GpuBench, scans: Scans): Promise<void> => {
  await sampling(bench);
  await compositing(bench);
  await wholeRendering(bench, scans);
};
