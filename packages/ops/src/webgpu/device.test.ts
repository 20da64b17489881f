/** @jest-environment ../../tools/jest/webgpu-environment.cjs */
import { beforeAll, describe, expect, it } from '@jest/globals';
import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  backend,
  grads,
  memory,
  mul,
  onesLike,
  setBackend,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor,
  tensor1d,
  variable,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import { greetQuietly } from '../engine/quietly.js';
import { selectEngine } from '../engine/select-engine.js';
import { concatKernelMaps } from '../kernelmap/concat-kernel-maps.js';
import { selectTaps } from '../kernelmap/select-taps.js';
import { stridedMap } from '../kernelmap/strided-map.js';
import { submanifoldMap } from '../kernelmap/submanifold-map.js';
import type { KernelMap } from '../kernels.js';
import { scatterAddRows } from '../ops/gather-scatter-rows.js';
import { linear } from '../ops/linear.js';
import { lovaszSoftmax } from '../ops/lovasz-softmax.js';
import { sparseConv3d } from '../ops/sparse-conv3d.js';
import { expectClose, valuesOf } from '../testing/check-op.js';
import { randomCoords, randomFloats, randomInts, seeded } from '../testing/random-data.js';
import type { NerfsegWebGpuBackend } from './backend.js';
import { isSymmetric } from './is-symmetric.js';
import { pairTables } from './pair-tables.js';
import { foldGroups } from './program.js';
import { radixSort } from './radix-sort.js';
import type { Resident } from './resident.js';
import { tapsToOrderBy } from './taps-to-order-by.js';

const why = (globalThis as { whyNoAdapter?: string }).whyNoAdapter;
const gpuOf = (): NerfsegWebGpuBackend => backend() as NerfsegWebGpuBackend;

const start = async (): Promise<void> => {
  const engine = await selectEngine('webgpu');
  if (isLeft(engine)) throw new Error(engine.left.found);
};

const numbersOf = async ({ buffer }: Resident, count: number): Promise<number[]> => [
  ...new Int32Array(await gpuOf().getBufferData(buffer)).subarray(0, count),
];

/** A map's table as the device holds it. */
const deviceTable = async (map: KernelMap, inverse: boolean): Promise<number[]> => {
  const whole: number[] = [];
  for (const { table, rows } of pairTables(gpuOf(), map, inverse))
    whole.push(...(await numbersOf(table, rows * map.taps)));
  return whole;
};

describe('foldGroups', () => {
  it('keeps every dimension within the limit, and counts no fewer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000_000 }),
        fc.integer({ min: 300, max: 65535 }),
        (count, limit) => {
          const [x, y, z] = foldGroups(count, limit);
          expect(Math.max(x, y, z)).toBeLessThanOrEqual(limit);
          expect(x * y * z).toBeGreaterThanOrEqual(count);
          expect(x * y * z).toBeLessThan(count + x * y);
        },
      ),
    );
  });
});

(why ? describe.skip : describe)(`the webgpu device${why ? `: ${why}` : ''}`, () => {
  beforeAll(start);

  it('builds the kernel maps that the host builds', async () => {
    const random = seeded(31);
    const shape = [7, 8, 5] as const;
    const maps: KernelMap[] = [];
    for (const density of [0, 0.02, 0.3, 0.9]) {
      for (const wrapAzimuth of [false, true]) {
        const coords = randomCoords(random, shape, density);
        // Any order of the voxels will do.
        const rows = coords.length / 3;
        const order = [...Array(rows).keys()].sort((a, b) => ((a * 7919) % 101) - ((b * 7919) % 101));
        const shuffled = Int32Array.from(order.flatMap((row) => [...coords.subarray(row * 3, row * 3 + 3)]));
        const cube = submanifoldMap(shuffled, [3, 3, 3], { shape, wrapAzimuth });
        maps.push(
          cube,
          selectTaps(cube, [4, 13, 22]),
          submanifoldMap(coords, [1, 5, 3], { shape, wrapAzimuth }),
        );
        maps.push(stridedMap(shuffled, [3, 3, 3], [2, 2, 2], { shape, wrapAzimuth }).map);
        maps.push(stridedMap(coords, [3, 4, 1], [2, 2, 1], { shape, wrapAzimuth, padding: [0, 1, 0] }).map);
      }
    }
    maps.push(concatKernelMaps([maps[5], maps[0], maps[15]]));
    for (const map of maps) {
      expect(map.parts).toBeDefined();
      for (const inverse of [false, true]) {
        expect(await deviceTable(map, inverse)).toEqual([...(inverse ? map.outputOf : map.inputOf)]);
      }
    }
  });

  it('knows which maps are the same backwards, with their taps in reverse order', () => {
    const shape = [6, 8, 5] as const;
    const coords = randomCoords(seeded(35), shape, 0.4);
    const cube = submanifoldMap(coords, [3, 3, 3], { shape, wrapAzimuth: true });
    const both = selectTaps(cube, [4, 13, 22]);
    for (const map of [cube, both, concatKernelMaps([cube, cube])]) {
      expect(isSymmetric(map)).toBe(true);
      const { taps, inRows, inputOf, outputOf } = map;
      for (let row = 0; row < inRows; row++) {
        for (let tap = 0; tap < taps; tap++)
          expect(outputOf[row * taps + tap]).toBe(inputOf[row * taps + taps - 1 - tap]);
      }
    }
    const strided = stridedMap(coords, [3, 3, 3], [1, 1, 1], { shape }).map;
    for (const map of [selectTaps(cube, [4, 13]), strided, concatKernelMaps([cube, strided])])
      expect(isSymmetric(map)).toBe(false);
  });

  it('sorts few and many blocks alike, stably', async () => {
    const gpu = gpuOf();
    const [batch, length] = [2, 5000];
    const keys = Int32Array.from(randomInts(seeded(34), batch * length, 0, 300));
    const sorted: number[][] = [];
    for (const few of [0, 128]) {
      const given = gpu.allocate([batch, length], 'int32');
      gpu.device.queue.writeBuffer(gpu.residentOf(given).buffer, 0, keys);
      const order = gpu.allocateResident(batch * length * 4, 'order');
      gpu.disposeData(radixSort(gpu, given, batch, length, 9, order, few).dataId);
      sorted.push(await numbersOf(order, batch * length));
      gpu.release(order);
    }
    const expected = [0, 1].flatMap((which) =>
      [...Array(length).keys()].sort((a, b) => keys[which * length + a] - keys[which * length + b] || a - b),
    );
    expect(sorted).toEqual([expected, expected]);
  });

  it('puts rows with neighbours at the same taps together, and knows the taps of every tile of them', async () => {
    const shape = [9, 12, 10] as const;
    const coords = randomCoords(seeded(33), shape, 0.25);
    for (const kernel of [
      [3, 3, 3],
      [1, 3, 3],
      [3, 5, 3],
    ] as const) {
      const map = submanifoldMap(coords, kernel, { shape });
      const [{ rows, order, masks }] = pairTables(gpuOf(), map, false);
      const words = Math.ceil(map.taps / 32);
      const found = await numbersOf(order, rows);
      expect([...found].sort((a, b) => a - b)).toEqual([...Array(rows).keys()]);
      const has = (row: number, tap: number): boolean => map.inputOf[row * map.taps + tap] >= 0;
      const chosen = tapsToOrderBy(map, false);
      const key = (row: number): number => chosen.reduce((sum, tap) => 2 * sum + Number(has(row, tap)), 0);
      for (let n = 1; n < rows; n++) {
        const [before, after] = [key(found[n - 1]), key(found[n])];
        expect(before < after || (before === after && found[n - 1] < found[n])).toBe(true);
      }
      const bits = await numbersOf(masks, Math.ceil(rows / 64) * words);
      for (let tile = 0; tile * 64 < rows; tile++) {
        const members = found.slice(tile * 64, tile * 64 + 64);
        for (let tap = 0; tap < map.taps; tap++) {
          const bit = (bits[tile * words + (tap >> 5)] >>> (tap & 31)) & 1;
          expect(bit === 1).toBe(members.some((row) => has(row, tap)));
        }
      }
    }
  });

  it('computes large shapes as the cpu engine does: many tiles, shares and blocks, tables split by a small limit', async () => {
    const random = seeded(32);
    const coords = randomCoords(random, [12, 12, 12], 0.4);
    const x = randomFloats(random, (coords.length / 3) * 36);
    const w = randomFloats(random, 9 * 36 * 68);
    const dense = randomFloats(random, 68 * 33);
    const rows = 3000;
    const probabilities = randomFloats(random, rows * 3, 0, 1).map((p) => Math.round(p * 64) / 64);
    const labels = Uint8Array.from(randomInts(random, rows, 0, 3));
    const targets = randomInts(random, rows, -1, 400);
    const compute = (): Promise<Float32Array[]> => {
      const map = submanifoldMap(coords, [1, 3, 3], { shape: [12, 12, 12] });
      return valuesOf(() => {
        const convolved = grads((a: Tensor, b: Tensor, c: Tensor) => {
          const y = sparseConv3d(a as Tensor2D, b as Tensor3D, map);
          return sum(linear(y, c as Tensor2D, tensor1d(new Float32Array(33)), 'leakyRelu'));
        })([tensor(x, [coords.length / 3, 36]), tensor(w, [9, 36, 68]), tensor(dense, [68, 33])]);
        const lovasz = grads((p: Tensor) => lovaszSoftmax(p as Tensor2D, labels))([
          tensor(probabilities, [rows, 3]),
        ]);
        return [...convolved, ...lovasz, scatterAddRows(tensor(probabilities, [rows, 3]), targets, 400)];
      });
    };
    const gpu = gpuOf();
    const before = memory().numTensors;
    const whole = await compute();
    const limit = gpu.bindingLimit;
    gpu.bindingLimit = 64 * 9 * 4 * 3;
    const checkSize = gpu.checkSize;
    gpu.checkSize = () => {}; // the tensors of this test pass the limit that splits its tables
    const split = await compute();
    gpu.bindingLimit = limit;
    gpu.checkSize = checkSize;
    expect(memory().numTensors).toBe(before);
    await setBackend('cpu');
    greetQuietly();
    const expected = await compute();
    await setBackend('webgpu');
    for (const [n, values] of expected.entries()) {
      const scale = Math.max(...values.map(Math.abs));
      for (const found of [whole[n], split[n]]) {
        expectClose(
          found.map((v) => v / scale),
          values.map((v) => v / scale),
          2e-5,
          `output ${n}`,
        );
      }
    }
  });

  it('refuses a tensor that passes its limit, before anything is allocated', () => {
    const gpu = gpuOf();
    const limit = gpu.bindingLimit;
    const bytes = gpu.memory().numBytesInGPU;
    gpu.bindingLimit = 2 ** 20;
    const x = tensor(new Float32Array(16), [4, 4]);
    const indices = new Int32Array(100_000);
    let problem: unknown;
    try {
      sparseConv3d(x as Tensor2D, tensor(new Float32Array(4 * 4), [1, 4, 4]) as Tensor3D, {
        taps: 1,
        inRows: 4,
        outRows: indices.length,
        inputOf: indices,
        outputOf: new Int32Array(4),
        pairs: indices.length,
      });
    } catch (thrown) {
      problem = thrown;
    }
    gpu.bindingLimit = limit;
    expect(problem).toMatchObject({
      _tag: 'DataError',
      code: 'out-of-range',
      field: 'a float32 tensor of shape [100000, 4]',
      found: '1.5 MiB',
    });
    expect(gpu.memory().numBytesInGPU - bytes).toBeLessThan(2 ** 20);
  });

  it('reads as many values as a tensor has, whatever the size of its buffer', async () => {
    for (const rows of [1, 63, 1000, 1023, 1024, 1025]) {
      for (const dtype of ['float32', 'int32', 'bool'] as const) {
        const ones = onesLike(tensor(new Uint8Array(rows), [rows], dtype));
        expect(await ones.data()).toEqual(
          dtype === 'float32'
            ? new Float32Array(rows).fill(1)
            : dtype === 'int32'
              ? new Int32Array(rows).fill(1)
              : new Uint8Array(rows).fill(1),
        );
      }
    }
  });

  it('reads what is disposed, or assigned anew, before it has come', async () => {
    const [x, y] = [tensor1d([1, 2, 3]), tensor1d([0, 0, 0])];
    const before = [memory().numTensors, memory().numDataBuffers];
    const [gone, doubled] = [add(x, 1), mul(x, 2)];
    const assigned = variable(doubled);
    doubled.dispose();
    const reads = [gone.data(), assigned.data()];
    gone.dispose();
    assigned.assign(y);
    expect((await Promise.all(reads)).map((values) => [...values])).toEqual([
      [2, 3, 4],
      [2, 4, 6],
    ]);
    assigned.dispose();
    expect([memory().numTensors, memory().numDataBuffers]).toEqual(before);
    for (const used of [x, y]) used.dispose();
  });

  it('takes memory that threads share', async () => {
    const indices = new Int32Array(new SharedArrayBuffer(12), 4);
    indices.set([1, 0]);
    const values = new Float32Array(new SharedArrayBuffer(16));
    values.set([1, 2, 3, 4]);
    const y = scatterAddRows(tensor(values, [2, 2]) as Tensor2D, indices, 2);
    expect([...(await y.data())]).toEqual([3, 4, 1, 2]);
  });

  it('says what cannot be: a read that does not wait', async () => {
    const y = scatterAddRows(tensor([[1], [2]]) as Tensor2D, Int32Array.of(0, 0), 1);
    expect(() => y.dataSync()).toThrow('synchronous read');
    expect([...(await y.data())]).toEqual([3]);
    y.dispose();
  });
});
