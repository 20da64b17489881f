/** @jest-environment ../../tools/jest/webgpu-environment.cjs */
import { beforeAll, describe, expect, it } from '@jest/globals';
import '@tensorflow/tfjs-backend-cpu';
import {
  backend,
  dispose,
  grads,
  memory,
  setBackend,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor,
} from '@tensorflow/tfjs-core';
import { isLeft } from 'fp-ts/lib/Either.js';
import { greetQuietly } from '../engine/quietly.js';
import { selectEngine } from '../engine/select-engine.js';
import { stridedMap } from '../kernelmap/strided-map.js';
import { submanifoldMap } from '../kernelmap/submanifold-map.js';
import type { KernelMap } from '../kernels.js';
import { scatterAddRows } from '../ops/gather-scatter-rows.js';
import { lovaszSoftmax } from '../ops/lovasz-softmax.js';
import { sparseConv3d, sparseInverseConv3d } from '../ops/sparse-conv3d.js';
import { withPrecision } from '../precision.js';
import { expectClose, valuesOf } from '../testing/check-op.js';
import { randomCoords, randomFloats, randomInts, seeded } from '../testing/random-data.js';
import type { NerfsegWebGpuBackend } from './backend.js';
import { matricesOf } from './matrix-product.js';
import { openDevice } from './open-device.js';

const why = (globalThis as { whyNoAdapter?: string }).whyNoAdapter;
const gpuOf = (): NerfsegWebGpuBackend => backend() as NerfsegWebGpuBackend;

const onCpu = async <T>(compute: () => Promise<T>): Promise<T> => {
  await setBackend('cpu');
  greetQuietly();
  const found = await compute();
  await setBackend('webgpu');
  return found;
};

/** What a computation gives with an optional feature and without; with it only where the device has it. */
const bothWays = async <T>(feature: 'f16' | 'subgroups', compute: () => Promise<T>): Promise<T[]> => {
  const { optional } = gpuOf();
  const has = optional[feature];
  const found: T[] = [];
  for (const used of has ? [true, false] : [false]) {
    optional[feature] = used;
    found.push(await compute());
  }
  optional[feature] = has;
  return found;
};

describe('withPrecision', () => {
  it('refuses what the engine does not have, and leaves nothing behind', async () => {
    await setBackend('cpu');
    expect(() => withPrecision('float16', () => 1)).toThrow("float16 on the backend 'cpu'");
    expect(() => withPrecision('half' as 'float16', () => 1)).toThrow("'half', expected one of");
    expect(withPrecision('float32', () => 2)).toBe(2);
  });
});

describe('matricesOf', () => {
  const info = (
    subgroupMinSize: number,
    ...configs: readonly (readonly [string, string, number, number])[]
  ) =>
    ({
      subgroupMinSize,
      subgroupMaxSize: 32,
      subgroupMatrixConfigs: configs.map(([componentType, resultComponentType, M, K]) => ({
        ...{ componentType, resultComponentType, M, N: M, K },
      })),
    }) as unknown as GPUAdapterInfo;

  it('takes the largest matrices that programs are made for, of subgroups of one size', () => {
    const mixed = [
      ['f16', 'f32', 8, 8],
      ['f16', 'f32', 16, 16],
      ['f16', 'f32', 16, 8],
    ] as const;
    expect(matricesOf(info(32, ...mixed))).toEqual({ size: 16, subgroup: 32 });
    expect(matricesOf(info(32, mixed[0], mixed[2]))).toEqual({ size: 8, subgroup: 32 });
    expect(matricesOf(info(8, ...mixed))).toBeUndefined();
    expect(matricesOf(info(32, ['f16', 'f16', 16, 16], ['f32', 'f32', 8, 8]))).toBeUndefined();
    expect(matricesOf({ subgroupMinSize: 32, subgroupMaxSize: 32 } as GPUAdapterInfo)).toBeUndefined();
  });
});

(why ? describe.skip : describe)(`optional features${why ? `: ${why}` : ''}`, () => {
  beforeAll(async () => {
    const engine = await selectEngine('webgpu');
    if (isLeft(engine)) throw new Error(engine.left.found);
  });

  const shape = [9, 9, 5] as const;
  const coords = randomCoords(seeded(51), shape, 0.4);
  const cases: readonly [name: string, map: () => KernelMap, inverse: boolean, from: number, to: number][] = [
    ['32 to 32', () => submanifoldMap(coords, [3, 3, 3], { shape }), false, 32, 32],
    ['odd, within a tile', () => submanifoldMap(coords, [1, 3, 3], { shape }), false, 5, 7],
    ['odd, past a tile', () => submanifoldMap(coords, [1, 3, 3], { shape }), false, 33, 70],
    [
      'inverse',
      () => stridedMap(coords, [3, 3, 3], [2, 2, 2], { shape, padding: [1, 1, 1] }).map,
      true,
      8,
      4,
    ],
  ];

  it.each(cases)('float16 convolution: %s', async (_name, mapOf, inverse, from, to) => {
    const random = seeded(52);
    const { inRows, outRows, taps } = mapOf();
    const rows = inverse ? outRows : inRows;
    const exact = (length: number) =>
      Float32Array.from(randomInts(random, length, -1000, 1000), (n) => n / 1024);
    const convolve = (x: Float32Array, w: Float32Array) => () =>
      valuesOf(() => {
        const op = inverse ? sparseInverseConv3d : sparseConv3d;
        return [op(tensor(x, [rows, from]) as Tensor2D, tensor(w, [taps, from, to]) as Tensor3D, mapOf())];
      });
    const inHalf = (compute: () => Promise<Float32Array[]>) => () => withPrecision('float16', compute);
    const before = memory().numTensors;
    // Factors that float16 holds exactly: products and sums are float32, and nothing is lost.
    const representable = convolve(exact(rows * from), exact(taps * from * to));
    const [expected] = await onCpu(representable);
    for (const [found] of await bothWays('f16', inHalf(representable)))
      expectClose(found, expected, 2e-5, 'representable factors');
    // Any factors: to float16's 11 digits each, and the same bits with the type f16 as without.
    const any = convolve(randomFloats(random, rows * from), randomFloats(random, taps * from * to));
    const [rounded, ...others] = (await bothWays('f16', inHalf(any))).map(([values]) => values);
    const [whole] = await onCpu(any);
    const largest = Math.max(...whole.map(Math.abs));
    expectClose(
      rounded.map((value) => value / largest),
      whole.map((value) => value / largest),
      2e-3,
      'any factors',
    );
    expect(rounded).not.toEqual((await any())[0]);
    for (const other of others) expect(other).toEqual(rounded);
    expect(memory().numTensors).toBe(before);
  });

  it('float16: what is too large becomes the largest; gradients are float32', async () => {
    const map = submanifoldMap(Int32Array.of(0, 0, 0), [1, 1, 1], { shape: [1, 1, 1] });
    const [y, dx, dw] = await valuesOf(() => {
      const [x, w] = [tensor([[1e6, -1e6, 0.1]]), tensor([[[1], [0], [1]]])];
      const convolve = (a: Tensor, b: Tensor): Tensor =>
        withPrecision('float16', () => sparseConv3d(a as Tensor2D, b as Tensor3D, map));
      return [convolve(x, w), ...grads((a: Tensor, b: Tensor) => sum(convolve(a, b)))([x, w])];
    });
    expect(y[0]).toBeCloseTo(65504.1, 1);
    expect([...dx]).toEqual([1, 0, 1]);
    expect([...dw]).toEqual([1e6, -1e6, Math.fround(0.1)]);
  });

  // The subgroups' matrices are plain WGSL here: tested is which values go where, not what a GPU makes of its own matrices.
  it.each([
    [16, 18, 36],
    [8, 16, 20],
  ] as const)('float16 convolution by matrices of %i, stood in for', async (size, from, to) => {
    const random = seeded(54);
    const exact = (...size: number[]) => {
      const length = size.reduce((a, b) => a * b);
      return tensor(
        Float32Array.from(randomInts(random, length, -1000, 1000), (n) => n / 1024),
        size,
      );
    };
    const voxels = randomCoords(random, [10, 5, 4], 0.5);
    const map = submanifoldMap(voxels, [1, 3, 1], { shape: [10, 5, 4] });
    const [x, w] = [exact(map.inRows, from) as Tensor2D, exact(3, from, to) as Tensor3D];
    expect(map.inRows).toBeGreaterThan(64);
    const [expected] = await valuesOf(() => [sparseConv3d(x, w, map)]);
    gpuOf().optional.matrices = { size, subgroup: 1, standIn: true };
    const [found] = await valuesOf(() => [withPrecision('float16', () => sparseConv3d(x, w, map))]);
    gpuOf().optional.matrices = undefined;
    expectClose(found, expected, 2e-5, `matrices of ${size}`);
    dispose([x, w]);
  });

  it('are done without where NERFSEG_WITHOUT_FEATURES names them, and where the adapter lacks them', async () => {
    process.env.NERFSEG_WITHOUT_FEATURES = 'subgroups,shader-f16';
    process.env.NERFSEG_SUBGROUP_MATRICES = '1';
    const opened = await openDevice();
    delete process.env.NERFSEG_WITHOUT_FEATURES;
    delete process.env.NERFSEG_SUBGROUP_MATRICES;
    if (typeof opened === 'string') throw new Error(opened);
    expect(opened.adapter.features).not.toContain('subgroups');
    expect(opened.adapter.features).not.toContain('shader-f16');
    expect(opened.device.features.has('subgroups')).toBe(false);
    opened.device.destroy();
  });

  it('subgroups change no bit', async () => {
    const random = seeded(53);
    const grid = [12, 12, 12] as const;
    const voxels = randomCoords(random, grid, 0.5);
    const x = randomFloats(random, (voxels.length / 3) * 8);
    const w = randomFloats(random, 27 * 64);
    const rows = 3000;
    const probabilities = randomFloats(random, rows * 3, 0, 1).map((p) => Math.round(p * 64) / 64);
    const labels = Uint8Array.from(randomInts(random, rows, 0, 3));
    const targets = randomInts(random, rows, -1, 400);
    // New maps, labels and indices every time: what is derived from them is kept.
    const compute = () =>
      valuesOf(() => {
        const map = submanifoldMap(voxels, [3, 3, 3], { shape: grid });
        const p = tensor(probabilities, [rows, 3]);
        return [
          ...grads((a: Tensor, b: Tensor) => sparseConv3d(a as Tensor2D, b as Tensor3D, map))([
            tensor(x, [voxels.length / 3, 8]),
            tensor(w, [27, 8, 8]),
          ]),
          ...grads((a: Tensor) => lovaszSoftmax(a as Tensor2D, labels.slice()))([p]),
          scatterAddRows(p as Tensor2D, targets.slice(), 400),
        ];
      });
    const expected = await onCpu(compute);
    const [found, ...others] = await bothWays('subgroups', compute);
    for (const [n, values] of expected.entries()) expectClose(found[n], values, 1e-4, `output ${n}`);
    for (const other of others) expect(other).toEqual(found);
  });
});
