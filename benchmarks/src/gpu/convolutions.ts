import { type KernelMap, linear, sparseConv3d, submanifoldMap, withPrecision } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { type GpuBench, measure, type PeerCase } from './measure.js';
import { peerCase } from './peer-case.js';
import { type Scans, thin, voxelsOf } from './scans.js';

const normal = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 0.5, 'float32', seed);

/** Values of a tensor that nobody needs afterwards. */
export const valuesOf = async (tensor: tf.Tensor): Promise<Float32Array> => {
  const values = (await tensor.data()) as Float32Array;
  tensor.dispose();
  return values;
};

/** A dense product: what tiles and registers reach where nothing is gathered. */
export const denseProduct = async (bench: GpuBench): Promise<void> => {
  const { product: size } = bench.sizes;
  const [x, w] = [normal([size, size], 1) as tf.Tensor2D, normal([size, size], 2) as tf.Tensor2D];
  const bias = tf.zeros([size]) as tf.Tensor1D;
  let peers: PeerCase[] = [];
  if (bench.cuda) {
    await bench.cuda.array('a', (await x.data()) as Float32Array, x.shape);
    await bench.cuda.array('b', (await w.data()) as Float32Array, w.shape);
    peers = await peerCase(bench, {
      name: 'PyTorch mm',
      id: 'product',
      build: 'products.product',
      arguments: { a: 'a', b: 'b' },
      ours: await valuesOf(linear(x, w, bias)),
      tolerance: 1e-4,
      products: true,
    });
  }
  await measure(bench, {
    name: `dense product ${size} x ${size} x ${size}`,
    run: () => linear(x, w, bias).dispose(),
    flop: 2 * size ** 3,
    bytes: 3 * size * size * 4,
    peers,
  });
  tf.dispose([x, w, bias]);
  await bench.cuda?.forget('product', 'a', 'b');
};

const peersOf = async (
  bench: GpuBench,
  kernel: readonly number[],
  shape: readonly number[],
  ours: Float32Array,
  backward: boolean,
): Promise<PeerCase[]> => {
  if (!bench.cuda) return [];
  const common = { ours, tolerance: 1e-4, products: true };
  const peers = await peerCase(bench, {
    ...common,
    name: 'PyTorch gather, mm, index_add',
    id: `gather ${backward}`,
    build: 'products.sparse_conv',
    arguments: { x: 'x', w: 'w', map: 'map', backward },
  });
  for (const library of bench.cuda.libraries) {
    peers.push(
      ...(await peerCase(bench, {
        ...common,
        // By themselves such libraries round to TF32: values may differ by as much.
        tolerance: 1e-2,
        name: library,
        id: `${library} ${backward}`,
        build: `sparse_libraries.${library}`,
        arguments: { x: 'x', w: 'w', coords: 'coords', shape, kernel, backward },
      })),
    );
  }
  return peers;
};

const oneShape = async (
  bench: GpuBench,
  title: string,
  map: KernelMap,
  kernel: readonly number[],
  shape: readonly number[],
  [depth, columns]: readonly [number, number],
): Promise<void> => {
  const x = normal([map.inRows, depth], 1) as tf.Tensor2D;
  const w = normal([map.taps, depth, columns], 2) as tf.Tensor3D;
  const dy = tf.ones([map.outRows, columns]) as tf.Tensor2D;
  const gradients = tf.grads((a, b) => sparseConv3d(a as tf.Tensor2D, b as tf.Tensor3D, map));
  const { cuda } = bench;
  await cuda?.array('x', (await x.data()) as Float32Array, x.shape);
  await cuda?.array('w', (await w.data()) as Float32Array, w.shape);
  const ours = await valuesOf(sparseConv3d(x, w, map));
  const flop = 2 * map.pairs * depth * columns;
  // Rows once in and out, weights, and the table of neighbours.
  const bytes = 4 * (map.inRows * depth + map.outRows * columns + map.taps * (depth * columns + map.outRows));
  const name = `${title}, ${depth} to ${columns}`;
  await measure(bench, {
    name: `${name}, forward`,
    run: () => sparseConv3d(x, w, map).dispose(),
    flop,
    bytes,
    peers: await peersOf(bench, kernel, shape, ours, false),
  });
  await measure(bench, {
    name: `${name}, forward, float16`,
    run: () => withPrecision('float16', () => sparseConv3d(x, w, map)).dispose(),
    flop,
    note: 'factors rounded to float16 (in the time), sums float32; the share is of the float32 peak',
  });
  await measure(bench, {
    name: `${name}, forward and backward`,
    run: () => tf.dispose(gradients([x, w], dy)),
    flop: 3 * flop,
    peers: await peersOf(bench, kernel, shape, ours, true),
  });
  tf.dispose([x, w, dy]);
  for (const kind of ['gather', ...(cuda?.libraries ?? [])])
    await cuda?.forget(`${kind} false`, `${kind} true`);
};

/** Sparse convolutions of the `ops` suite's shapes over a scan's voxels. */
export const convolutions = async (bench: GpuBench, scans: Scans): Promise<void> => {
  const { shapes, channels, everyPoint } = bench.sizes;
  for (const shape of shapes) {
    const { coords } = voxelsOf(thin(scans.points[0], everyPoint), shape);
    await bench.cuda?.array('coords', coords, [coords.length / 3, 3]);
    for (const kernel of [[1, 3, 3] as const, [3, 3, 3] as const]) {
      const map = submanifoldMap(coords, kernel, { shape });
      await bench.cuda?.array('map', map.inputOf, [map.outRows, map.taps]);
      const voxels = `${coords.length / 3} voxels, ${map.pairs} pairs`;
      const title = `sparse convolution ${shape.join('x')}, ${kernel.join('x')}, ${voxels}`;
      for (const pair of channels) await oneShape(bench, title, map, kernel, shape, pair);
    }
  }
};
