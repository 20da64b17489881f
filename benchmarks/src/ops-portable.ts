import { cylindricalGrid, voxelize } from '@nerfseg/geometry';
import {
  activationBatchNorm,
  compositeRays,
  type EngineChoice,
  type KernelMap,
  linear,
  lovaszSoftmax,
  type PackedRays,
  segmentMax,
  segmentsOf,
  selectEngine,
  sparseConv3d,
  stridedMap,
  submanifoldMap,
  withPortableKernels,
} from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { getOrElseW } from 'fp-ts/lib/Either.js';
import type { BenchContext, BenchRow, Suite } from './harness.js';
import { benchmarkPoints } from './ops/scan.js';

const fromEither = getOrElseW((error) => {
  throw new Error(JSON.stringify(error));
});

/** A submanifold map as one writes it first: a Map from cell to row, asked for every neighbour. */
const mapByMap = (coords: Int32Array, shape: readonly [number, number, number]): number => {
  const rows = new Map<number, number>();
  const cell = (r: number, p: number, z: number): number => (r * shape[1] + p) * shape[2] + z;
  for (let v = 0; v < coords.length; v += 3)
    rows.set(cell(coords[v]!, coords[v + 1]!, coords[v + 2]!), v / 3);
  let pairs = 0;
  for (let v = 0; v < coords.length; v += 3) {
    for (let t = 0; t < 27; t++) {
      const r = coords[v]! + Math.floor(t / 9) - 1;
      const p = coords[v + 1]! + (Math.floor(t / 3) % 3) - 1;
      const z = coords[v + 2]! + (t % 3) - 1;
      if (p >= 0 && p < shape[1] && z >= 0 && z < shape[2] && rows.has(cell(r, p, z))) pairs++;
    }
  }
  return pairs;
};

/** GFLOP/s of a product of two 512x512 matrices on the current backend. */
const measureCeiling = async (context: BenchContext): Promise<number> => {
  const [a, b] = [tf.randomUniform([512, 512]), tf.randomUniform([512, 512])];
  const time = await context.timeMedian('matMul 512', () => tf.matMul(a, b).dispose());
  tf.dispose([a, b]);
  return (2 * 512 ** 3) / time / 1e6;
};

/** What one step of training asks of an op: the value and all gradients. */
const step = (loss: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[]) => (): void => {
  tf.dispose(tf.grads((...arguments_: tf.Tensor[]) => tf.sum(loss(...arguments_)))(inputs));
};

/** Host kernels of the portable package against the same ops composed of tfjs ops, both on tfjs-wasm. */
export const suite: Suite = async (context) => {
  const choice = fromEither(await selectEngine('tfjs-wasm')) as EngineChoice;
  const { points, name } = benchmarkPoints(context.realData);
  const peerName = `composed of tfjs ops on ${choice.backend}`;
  const rows: BenchRow[] = [];

  const fine = fromEither(voxelize(points, cylindricalGrid('semantickitti', { interval: 'released' })));
  const { shape } = fine.grid;
  const voxels = fine.coords.length / 3;
  const maps = await context.timePair(
    'submanifoldMap',
    () => submanifoldMap(fine.coords, [3, 3, 3], { shape }),
    () => mapByMap(fine.coords, shape),
  );
  rows.push({
    name: `submanifoldMap 3x3x3, ${voxels} voxels (${name})`,
    ...maps,
    ratio: maps.peer / maps.ours,
    peerName: 'Map from cell to row',
  });
  rows.push({
    name: `stridedMap 3x3x3 / 2, ${voxels} voxels`,
    ours: await context.timeMedian('stridedMap', () =>
      stridedMap(fine.coords, [3, 3, 3], [2, 2, 2], { shape }),
    ),
  });

  const coarseShape = [240, 180, 20] as const;
  const coarse = fromEither(voxelize(points, cylindricalGrid('semantickitti', { shape: coarseShape })));
  const count = coarse.coords.length / 3;
  const ceiling = await measureCeiling(context);
  const compare = async (title: string, run: () => void, flop?: number): Promise<void> => {
    const times = await context.timePair(title, run, () => withPortableKernels(run));
    rows.push({
      name: title,
      ...times,
      ratio: times.peer / times.ours,
      peerName,
      ...(flop ? { gflops: flop / times.ours / 1e6, ceiling } : {}),
    });
  };

  const convolution = async (kernel: readonly [number, number, number], channels: number): Promise<void> => {
    const map: KernelMap = submanifoldMap(coarse.coords, kernel, { shape: coarseShape });
    const inputs = [tf.randomNormal([count, channels]), tf.randomNormal([map.taps, channels, channels])];
    const flop = 2 * map.pairs * channels * channels;
    const title = `sparseConv3d ${kernel.join('x')}, ${channels} channels, ${count} voxels`;
    const run = (x?: tf.Tensor, w?: tf.Tensor): tf.Tensor2D =>
      sparseConv3d(x as tf.Tensor2D, w as tf.Tensor3D, map);
    await compare(`${title}, forward`, () => run(...inputs).dispose(), flop);
    await compare(`${title}, forward and backward`, step(run, inputs), 3 * flop);
    tf.dispose(inputs);
  };
  await convolution([1, 3, 3], 16);
  if (!context.quick) await convolution([3, 3, 3], 32);

  const features = tf.randomNormal([count, 32]);
  const [gamma, beta] = [tf.ones([32]), tf.zeros([32])];
  await compare(
    `activationBatchNorm, ${count} x 32, forward and backward`,
    step(
      (x, g, b) =>
        activationBatchNorm(
          x as tf.Tensor2D,
          { gamma: g as tf.Tensor, beta: b as tf.Tensor },
          { alpha: 0.01 },
        ).y,
      [features, gamma, beta],
    ),
  );
  const dense = [features, tf.randomNormal([32, 64]), tf.zeros([64])];
  await compare(
    `linear 32 to 64 with ReLU, ${count} rows, forward and backward`,
    step((x, w, b) => linear(x as tf.Tensor2D, w as tf.Tensor2D, b as tf.Tensor1D, 'relu'), dense),
    3 * 2 * count * 32 * 64,
  );
  const segments = segmentsOf(coarse.voxelOfPoint, count);
  const perPoint = tf.randomNormal([coarse.voxelOfPoint.length, 16]);
  await compare(
    `segmentMax, ${perPoint.shape[0]} points x 16, forward and backward`,
    step((x) => segmentMax(x as tf.Tensor2D, segments), [perPoint]),
  );
  const probabilities = tf.softmax(tf.randomNormal([count, 20]));
  const labels = Uint8Array.from({ length: count }, (_, n) => n % 20);
  await compare(
    `lovaszSoftmax, ${count} x 20, forward and backward`,
    step((x) => lovaszSoftmax(x as tf.Tensor2D, labels), [probabilities]),
  );
  const rays: PackedRays = {
    rayOffsets: Int32Array.from({ length: 1025 }, (_, r) => r * 64),
    t: Float32Array.from({ length: 65536 }, (_, s) => 1 + (s % 64) * 0.5),
    delta: new Float32Array(65536).fill(0.5),
  };
  await compare(
    'compositeRays, 1024 rays x 64 samples x 20 classes, forward and backward',
    step(
      (density, values) => compositeRays(density as tf.Tensor1D, values as tf.Tensor2D, rays).values,
      [tf.randomUniform([65536]), tf.randomNormal([65536, 20])],
    ),
  );
  return rows;
};
