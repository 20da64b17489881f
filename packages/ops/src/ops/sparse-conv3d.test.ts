import { describe, expect, it } from '@jest/globals';
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { tensor2d, tensor3d } from '@tensorflow/tfjs-core';
import { concatKernelMaps } from '../kernelmap/concat-kernel-maps.js';
import { stridedMap } from '../kernelmap/strided-map.js';
import { submanifoldMap } from '../kernelmap/submanifold-map.js';
import type { KernelMap } from '../kernels.js';
import { checkOp } from '../testing/check-op.js';
import { onEveryForm } from '../testing/on-every-form.js';
import { randomCoords, randomFloats, seeded } from '../testing/random-data.js';
import { sparseConv3d, sparseInverseConv3d } from './sparse-conv3d.js';

const convolve =
  (map: KernelMap, channelsIn: number, channelsOut: number, inverse: boolean) =>
  (x: Float64Array, w: Float64Array, bias?: Float64Array): Float64Array[] => {
    const y = new Float64Array((inverse ? map.inRows : map.outRows) * channelsOut);
    for (let o = 0; o < map.outRows; o++) {
      for (let t = 0; t < map.taps; t++) {
        const i = map.inputOf[o * map.taps + t];
        if (i < 0) continue;
        const [from, to] = inverse ? [o, i] : [i, o];
        for (let k = 0; k < channelsIn; k++) {
          for (let c = 0; c < channelsOut; c++) {
            y[to * channelsOut + c] += x[from * channelsIn + k] * w[(t * channelsIn + k) * channelsOut + c];
          }
        }
      }
    }
    if (bias) for (let n = 0; n < y.length; n++) y[n] += bias[n % channelsOut];
    return [y];
  };

onEveryForm('sparseConv3d', (run) => {
  const random = seeded(3);
  const input = (...shape: number[]) => ({
    shape,
    values: randomFloats(
      random,
      shape.reduce((product, size) => product * size, 1),
    ),
  });
  const shape = [6, 7, 5] as const;

  it.each([
    [[1, 3, 3], 1, 1, 0.4],
    [[3, 3, 3], 3, 5, 0.4],
    [[3, 1, 1], 4, 2, 0.7],
    [[3, 3, 3], 17, 9, 0.15],
    [[1, 1, 1], 2, 3, 0.3],
  ] as const)('submanifold %p, %d to %d channels', async (kernel, channelsIn, channelsOut, density) => {
    const map = submanifoldMap(randomCoords(random, shape, density), kernel, { shape });
    await checkOp({
      run,
      inputs: [input(map.inRows, channelsIn), input(map.taps, channelsIn, channelsOut), input(channelsOut)],
      op: (x, w, bias) => [sparseConv3d(x as Tensor2D, w as Tensor3D, map, bias as Tensor1D)],
      reference: convolve(map, channelsIn, channelsOut, false),
    });
  });

  it('strided and back', async () => {
    const { map } = stridedMap(randomCoords(random, shape, 0.3), [3, 3, 3], [2, 2, 1], { shape });
    for (const inverse of [false, true]) {
      const convolution = inverse ? sparseInverseConv3d : sparseConv3d;
      await checkOp({
        run,
        inputs: [input(inverse ? map.outRows : map.inRows, 3), input(map.taps, 3, 4)],
        op: (x, w) => [convolution(x as Tensor2D, w as Tensor3D, map)],
        reference: convolve(map, 3, 4, inverse),
      });
    }
  });

  it('one voxel, and none', async () => {
    for (const coords of [Int32Array.of(2, 2, 2), new Int32Array(0)]) {
      const maps = [
        submanifoldMap(coords, [3, 3, 3], { shape }),
        stridedMap(coords, [3, 3, 3], [2, 2, 2], { shape }).map,
      ];
      for (const map of maps) {
        await checkOp({
          run,
          inputs: [input(map.inRows, 2), input(27, 2, 3)],
          op: (x, w) => [sparseConv3d(x as Tensor2D, w as Tensor3D, map)],
          reference: convolve(map, 2, 3, false),
        });
      }
    }
  });

  it('a batch of scans', async () => {
    const map = concatKernelMaps(
      [0.3, 0, 0.5].map((density) =>
        submanifoldMap(randomCoords(random, shape, density), [1, 3, 3], { shape }),
      ),
    );
    await checkOp({
      run,
      inputs: [input(map.inRows, 2), input(9, 2, 3)],
      op: (x, w) => [sparseConv3d(x as Tensor2D, w as Tensor3D, map)],
      reference: convolve(map, 2, 3, false),
    });
  });
});

describe('sparseConv3d', () => {
  it('refuses tensors of other shapes than the map says', () => {
    const map = submanifoldMap(Int32Array.of(0, 0, 0), [1, 3, 3], { shape: [4, 4, 4] });
    const w = tensor3d(new Float32Array(9 * 2 * 3), [9, 2, 3]);
    expect(() =>
      sparseConv3d(
        tensor2d([
          [1, 2],
          [3, 4],
        ]),
        w,
        map,
      ),
    ).toThrow('x has shape [2, 2], expected [1, ?]');
    expect(() => sparseConv3d(tensor2d([[1]]), w, map)).toThrow('w has shape [9, 2, 3], expected [9, 1, ?]');
    w.dispose();
  });
});
