import {
  createCylinder3d,
  cylinder3dConfig,
  disposeNetwork,
  encodeScans,
  namedGradients,
  planScans,
} from '@nerfseg/backbone';
import type { VoxelizedScan } from '@nerfseg/geometry';
import { createRandom } from '@nerfseg/geometry';
import {
  activationBatchNorm,
  adamW,
  compositeRays,
  type EngineName,
  linear,
  lovaszSoftmax,
  sampleVoxels,
  segmentMax,
  segmentsOf,
  selectEngine,
  softmaxCrossEntropy,
  sparseConv3d,
  sparseInverseConv3d,
  stridedMap,
  submanifoldMap,
  withPrecision,
} from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';

/** How far an op on the GPU is from the cpu engine. */
export interface Check {
  readonly name: string;
  /** Largest difference, as a share of the largest value. */
  readonly differs: number;
  readonly tolerance: number;
  readonly passed: boolean;
}

type Outputs = () => tf.Tensor[];

const normal = (shape: number[], seed: number): tf.Tensor => {
  const random = createRandom(seed);
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => 0.5 * random.normal()),
    shape,
  );
};

/** Every op forward and backward on small data; sizes are odd on purpose, and larger than a tile. */
const casesOf = (scan: VoxelizedScan): Readonly<Record<string, Outputs>> => {
  const { coords, grid } = scan;
  const { shape } = grid;
  const voxels = coords.length / 3;
  const labels = Uint8Array.from({ length: voxels }, (_, v) => v % 7);
  const convolution =
    (inverse: boolean, kernel: readonly [number, number, number], from: number, to: number) =>
    (): tf.Tensor[] => {
      const map = inverse
        ? stridedMap(coords, kernel, [2, 2, 2], { shape, padding: [1, 1, 1] }).map
        : submanifoldMap(coords, kernel, { shape });
      const convolve = inverse ? sparseInverseConv3d : sparseConv3d;
      const x = normal([inverse ? map.outRows : voxels, from], 1);
      const w = normal([map.taps, from, to], 2);
      const run = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
        convolve(a as tf.Tensor2D, b as tf.Tensor3D, map);
      return [run(x, w), ...tf.grads(run)([x, w])];
    };
  const random = createRandom(5);
  const interpolation = {
    corners: 8,
    indices: Int32Array.from({ length: 300 * 8 }, () => random.int(voxels + 40) - 40).map((n) =>
      Math.max(-1, n),
    ),
    weights: Float32Array.from({ length: 300 * 8 }, () => random.next()),
  };
  const rays = {
    rayOffsets: Int32Array.of(0, 30, 30, 131, 300),
    t: Float32Array.from({ length: 300 }, (_, s) => 1 + s * 0.1),
    delta: new Float32Array(300).fill(0.1),
  };
  return {
    'sparse convolution 3x3x3, 20 to 36': convolution(false, [3, 3, 3], 20, 36),
    'sparse convolution 3x3x3, 32 to 64, float16': () => {
      const map = submanifoldMap(coords, [3, 3, 3], { shape });
      const [x, w] = [normal([voxels, 32], 1) as tf.Tensor2D, normal([map.taps, 32, 64], 2) as tf.Tensor3D];
      // The cpu engine has float32 alone: what float16 rounds away is the difference.
      const precision = tf.getBackend() === 'webgpu' ? 'float16' : 'float32';
      return [withPrecision(precision, () => sparseConv3d(x, w, map))];
    },
    'sparse convolution 1x3x3, 5 to 7': convolution(false, [1, 3, 3], 5, 7),
    'inverse sparse convolution 3x3x3, 8 to 4': convolution(true, [3, 3, 3], 8, 4),
    linear: () => {
      const [x, w, b] = [normal([130, 9], 1), normal([9, 33], 2), normal([33], 3)];
      const run = (...a: tf.Tensor[]): tf.Tensor =>
        linear(a[0] as tf.Tensor2D, a[1] as tf.Tensor2D, a[2] as tf.Tensor1D, 'leakyRelu');
      return [run(x, w, b), ...tf.grads(run)([x, w, b])];
    },
    'activation and batch norm': () => {
      const [x, gamma, beta] = [normal([voxels, 12], 1), normal([12], 2), normal([12], 3)];
      const options = { alpha: 0.01, order: 'before', epsilon: 1e-5 } as const;
      const run = (...[a, b, c]: tf.Tensor[]): tf.Tensor =>
        activationBatchNorm(a as tf.Tensor2D, { gamma: b as tf.Tensor1D, beta: c as tf.Tensor1D }, options).y;
      return [run(x, gamma, beta), ...tf.grads(run)([x, gamma, beta], normal([voxels, 12], 4))];
    },
    'segment maximum': () => {
      const segments = segmentsOf(
        Int32Array.from({ length: 300 }, (_, n) => ((n * 7) % 41) - 1),
        41,
      );
      const run = (a: tf.Tensor): tf.Tensor => segmentMax(a as tf.Tensor2D, segments);
      const x = normal([300, 10], 1);
      return [run(x), tf.grad(run)(x)];
    },
    'voxel sampling': () => {
      const run = (a: tf.Tensor): tf.Tensor => sampleVoxels(a as tf.Tensor2D, interpolation);
      const x = normal([voxels, 10], 1);
      return [run(x), tf.grad(run)(x)];
    },
    'ray compositing': () => {
      const [density, values] = [tf.abs(normal([300], 1)), normal([300, 9], 2)];
      const run = (d: tf.Tensor, v: tf.Tensor): tf.Tensor => {
        const out = compositeRays(d as tf.Tensor1D, v as tf.Tensor2D, rays);
        return tf.addN([tf.sum(tf.square(out.values)), tf.sum(out.opacity), tf.sum(out.depth)]);
      };
      return tf.grads(run)([density, values]);
    },
    'cross-entropy': () => {
      const run = (a: tf.Tensor): tf.Tensor => softmaxCrossEntropy(a as tf.Tensor2D, labels);
      const x = normal([voxels, 7], 1);
      return [run(x), tf.grad(run)(x)];
    },
    'Lovasz-softmax': () => {
      const run = (a: tf.Tensor): tf.Tensor => lovaszSoftmax(tf.softmax(a) as tf.Tensor2D, labels);
      const x = normal([voxels, 7], 1);
      return [run(x), tf.grad(run)(x)];
    },
    AdamW: () => {
      const [parameter, gradient, firstMoment] = [1, 2, 3].map((seed) => normal([50, 3], seed));
      const inputs = {
        parameter: parameter!,
        gradient: gradient!,
        firstMoment: firstMoment!,
        secondMoment: tf.abs(normal([50, 3], 4)),
      };
      const attributes = {
        learningRate: 0.01,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weightDecay: [0.01],
        step: 3,
      };
      return adamW([inputs], attributes).flat();
    },
  };
};

/** Cylinder3D of width 2: logits of inference, and the gradients of a training step's loss. */
const networkCase = (scan: VoxelizedScan): Outputs => {
  const config = cylinder3dConfig({
    numClasses: 7,
    width: 2,
    pointWidths: [8, 8],
    voxelInputChannels: 4,
    kernelMaps: 'paper',
  });
  return () => {
    const network = createCylinder3d(config, createRandom(1));
    const plan = planScans([scan], config);
    const labels = Uint8Array.from({ length: scan.coords.length / 3 }, (_, v) => v % 7);
    const { logits } = encodeScans(network, plan, { training: false, levels: false });
    const { value, gradients } = namedGradients(network.trainable, () =>
      softmaxCrossEntropy(encodeScans(network, plan, { training: true }).logits, labels),
    );
    disposeNetwork(network);
    return [logits, value, ...Object.values(gradients)];
  };
};

const valuesOn = async (engine: EngineName, outputs: Outputs): Promise<Float32Array[]> => {
  const selected = await selectEngine(engine);
  if (selected._tag === 'Left') throw new Error(selected.left.found);
  const tensors = tf.tidy(outputs);
  const values = await Promise.all(tensors.map(async (tensor) => Float32Array.from(await tensor.data())));
  tf.dispose(tensors);
  return values;
};

const difference = (found: Float32Array, expected: Float32Array): number => {
  let [largest, off] = [1e-2, 0];
  for (const [n, value] of expected.entries()) {
    largest = Math.max(largest, Math.abs(value));
    const apart = Math.abs(found[n]! - value);
    off = Number.isNaN(apart) ? Number.POSITIVE_INFINITY : Math.max(off, apart);
  }
  return found.length === expected.length ? off / largest : Number.POSITIVE_INFINITY;
};

/** Computes every case on tfjs's cpu backend (plain loops in JavaScript) and on the GPU, which is the engine afterwards. */
export const checkOps = async (scan: VoxelizedScan): Promise<Check[]> => {
  const cases: [string, Outputs, number][] = Object.entries(casesOf(scan)).map(([name, run]) => [
    name,
    run,
    name.endsWith('float16') ? 2e-3 : 1e-4,
  ]);
  // Batch norms over few voxels multiply rounding.
  cases.push(['Cylinder3D: logits, loss and every gradient', networkCase(scan), 1e-2]);
  const checks: Check[] = [];
  for (const [name, run, tolerance] of cases) {
    const expected = await valuesOn('tfjs-cpu', run);
    const found = await valuesOn('webgpu', run);
    const differs = Math.max(...expected.map((values, n) => difference(found[n]!, values)));
    checks.push({ name, differs, tolerance, passed: differs <= tolerance });
  }
  return checks;
};
