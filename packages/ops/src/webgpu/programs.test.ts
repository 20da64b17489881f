import { describe, expect, it } from '@jest/globals';
import {
  backend,
  getKernel,
  grads,
  registerKernel,
  setBackend,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor,
  tidy,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { greetQuietly } from '../engine/quietly.js';
import { reasonOf } from '../engine/try-backend.js';
import { stridedMap } from '../kernelmap/strided-map.js';
import { submanifoldMap } from '../kernelmap/submanifold-map.js';
import * as kernels from '../kernels.js';
import { activationAffine } from '../ops/activation-affine.js';
import { activationBatchNorm } from '../ops/activation-batch-norm.js';
import { adamW } from '../ops/adam-w.js';
import { bestClassCrossEntropy } from '../ops/best-class-cross-entropy.js';
import { compositeRays } from '../ops/composite-rays.js';
import { gatherRows, scatterAddRows } from '../ops/gather-scatter-rows.js';
import { linear } from '../ops/linear.js';
import { lovaszSoftmax } from '../ops/lovasz-softmax.js';
import { sampleVoxels } from '../ops/sample-voxels.js';
import { segmentMax, segmentMean } from '../ops/segment.js';
import { softmaxCrossEntropy } from '../ops/softmax-cross-entropy.js';
import { sparseConv3d, sparseInverseConv3d } from '../ops/sparse-conv3d.js';
import { squareSums } from '../ops/square-sums.js';
import { weightedSums } from '../ops/weighted-sums.js';
import { withPrecision } from '../precision.js';
import { segmentsOf } from '../segments-of.js';
import { randomCoords, randomFloats, seeded } from '../testing/random-data.js';
import type { NerfsegWebGpuBackend } from './backend.js';
import type { SubgroupMatrices } from './matrix-product.js';
import { registerDevice } from './register.js';

/**
 * Dawn's null adapter has every feature. It computes nothing, but checks programs, bindings and dispatches as for any device:
 * so that programs which need a feature are known to be valid where no adapter at hand has it. A string says why it is not there.
 */
const nullGpu = (): GPU | string => {
  try {
    const { create, globals } = require('webgpu') as {
      create: (flags: string[]) => GPU;
      globals: Record<string, unknown>;
    };
    for (const [name, value] of Object.entries(globals))
      if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true });
    const gpu = create(['backend=null', 'enable-dawn-features=allow_unsafe_apis']);
    Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true }); // where tfjs looks for it
    return gpu;
  } catch (problem) {
    return reasonOf(problem);
  }
};

const found = nullGpu();
const why = typeof found === 'string' ? found : undefined;

/** Every op forward and backward, in the shapes that choose among its programs. */
const everyOp = (): void => {
  const random = seeded(61);
  const floats = (...shape: number[]): Tensor =>
    tensor(
      randomFloats(
        random,
        shape.reduce((a, b) => a * b),
        0.1,
        1,
      ),
      shape,
    );
  const shape = [6, 6, 4] as const;
  const coords = randomCoords(random, shape, 0.5);
  const voxels = coords.length / 3;
  const flat = submanifoldMap(coords, [1, 3, 3], { shape });
  const strided = stridedMap(coords, [3, 3, 3], [2, 2, 2], { shape }).map;
  for (const [from, to] of [
    [3, 5],
    [4, 16],
    [16, 32],
    [32, 64],
    [33, 70],
    [64, 20],
  ]) {
    const convolve = (x: Tensor, w: Tensor): Tensor => sparseConv3d(x as Tensor2D, w as Tensor3D, flat);
    const [x, w] = [floats(voxels, from), floats(9, from, to)];
    grads(convolve)([x, w]);
    withPrecision('float16', () => convolve(x, w));
    const dense = (a: Tensor, b: Tensor, c: Tensor): Tensor =>
      linear(a as Tensor2D, b as Tensor2D, c as Tensor1D, to === 5 ? 'sigmoid' : 'leakyRelu');
    grads(dense)([x, floats(from, to), floats(to)]);
  }
  sparseInverseConv3d(floats(strided.outRows, 4) as Tensor2D, floats(27, 4, 4) as Tensor3D, strided);
  const x = floats(voxels, 6);
  const [gamma, beta, mean, variance] = [6, 6, 6, 6].map((size) => floats(size));
  activationAffine(x as Tensor2D, { gamma, beta, mean, variance });
  grads((a, b, c) => activationBatchNorm(a as Tensor2D, { gamma: b as Tensor1D, beta: c as Tensor1D }).y)([
    x,
    gamma,
    beta,
  ]);
  const places = Int32Array.from({ length: 40 }, (_, n) => ((n * 7) % 11) - 1);
  const segments = segmentsOf(
    Int32Array.from({ length: voxels }, (_, n) => (n % 9) - 1),
    8,
  );
  const interpolation = { corners: 2, indices: places, weights: new Float32Array(40).fill(0.5) };
  grads((a) => gatherRows(a as Tensor2D, places))([x]);
  grads((a) => scatterAddRows(a as Tensor2D, places, 10))([floats(40, 3)]);
  grads((a) => segmentMax(a as Tensor2D, segments))([x]);
  grads((a) => segmentMean(a as Tensor2D, segments))([x]);
  grads((a) => sampleVoxels(a as Tensor2D, interpolation))([x]);
  const rays = {
    rayOffsets: Int32Array.of(0, 3, 3, 10),
    t: new Float32Array(10).fill(1),
    delta: new Float32Array(10).fill(0.1),
  };
  grads((density, values) =>
    sum(square(compositeRays(density as Tensor1D, values as Tensor2D, rays).values)),
  )([floats(10), floats(10, 4)]);
  const labels = Uint8Array.from({ length: voxels }, (_, n) => n % 6);
  grads((a) => softmaxCrossEntropy(a as Tensor2D, labels))([x]);
  grads((a) =>
    bestClassCrossEntropy(a as Tensor2D, floats(voxels, 6) as Tensor2D, new Float32Array(6).fill(1)),
  )([x]);
  grads((a) => lovaszSoftmax(a as Tensor2D, labels))([x]);
  const [parameter, gradient, firstMoment, secondMoment] = [0, 1, 2, 3].map(() => floats(5));
  adamW([{ parameter, gradient, firstMoment, secondMoment }], {
    learningRate: 0.1,
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    weightDecay: [0],
    step: 1,
  });
  weightedSums({ tensors: [parameter], weight: 0.9 }, { tensors: [gradient], weight: 0.1 });
  weightedSums({ tensors: [parameter], weight: 0.9 });
  squareSums([parameter, gradient]);
};

/** Runs every op on a device with these features; the names of the programs that were made. */
const programsOn = async (
  gpu: GPU,
  features: readonly string[],
  matrices?: SubgroupMatrices,
): Promise<Set<string>> => {
  const adapter = (await gpu.requestAdapter())!; // each gives one device
  const device = await adapter.requestDevice({
    requiredFeatures: features as GPUFeatureName[],
    requiredLimits: {
      maxComputeInvocationsPerWorkgroup: adapter.limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupSizeX: adapter.limits.maxComputeWorkgroupSizeX,
    },
  });
  const programs = new Set<string>();
  const create = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => {
    const enabled = [...descriptor.code.matchAll(/^enable (\w+);/gm)].map(([, name]) => name);
    programs.add([descriptor.label, ...enabled].join('; '));
    return create(descriptor);
  };
  registerDevice({ device, info: adapter.info });
  await setBackend('webgpu');
  greetQuietly();
  const made = backend() as NerfsegWebGpuBackend;
  made.optional.matrices = matrices;
  device.pushErrorScope('validation');
  tidy(everyOp);
  made.ensureCommandEncoderReady();
  made.endComputePassEncoder();
  made.submitQueue();
  const problem = await device.popErrorScope();
  expect(problem?.message).toBeUndefined();
  return programs;
};

(why ? describe.skip : describe)(`WGSL programs${why ? `: ${why}` : ''}`, () => {
  it('are valid with every set of features (Dawn checks them for its null adapter)', async () => {
    const gpu = found as GPU;
    const plain = await programsOn(gpu, []);
    expect(plain).toContain('sparse convolution, float16 storage');
    expect([...plain].filter((name) => name.includes(';'))).toEqual([]);
    const names = Object.values(kernels).map(String);
    const ran = new Set<string>();
    for (const name of names) {
      const kernel = getKernel(name, 'webgpu');
      unregisterKernel(name, 'webgpu');
      registerKernel({
        ...kernel,
        kernelFunc: (call) => {
          ran.add(name);
          return kernel.kernelFunc(call);
        },
      });
    }
    const f16 = await programsOn(gpu, ['shader-f16']);
    expect(f16).toContain('sparse convolution, float16; f16');
    expect([...ran].sort()).toEqual(names.sort());
    const subgroups = await programsOn(gpu, ['subgroups']);
    expect(subgroups).toContain('scan block sums; subgroups');
    const all = await programsOn(gpu, ['shader-f16', 'subgroups']);
    expect(all.size).toBeGreaterThanOrEqual(plain.size);
    // The null adapter's subgroups have up to 128 threads.
    for (const size of [8, 16] as const) {
      const features = ['shader-f16', 'subgroups', 'chromium-experimental-subgroup-matrix'];
      const matrices = await programsOn(gpu, features, { size, subgroup: 128 });
      expect([...matrices].some((name) => name.endsWith('; chromium_experimental_subgroup_matrix'))).toBe(
        true,
      );
    }
  });
});
