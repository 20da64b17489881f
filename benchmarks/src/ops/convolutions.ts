import { type KernelMap, sparseConv3d, submanifoldMap } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { agree, measure, type OpsBench } from './measure.js';
import { benchmarkScan, coarseShape, fineShape } from './scan.js';

const channelPairs = [
  [16, 32],
  [32, 32],
  [64, 64],
  [128, 128],
  [256, 256],
] as const;

const normal = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 0.5, 'float32', seed);

const compare = async (
  bench: OpsBench,
  title: string,
  map: KernelMap,
  [depth, columns]: readonly [number, number],
): Promise<void> => {
  const { torch } = bench;
  const x = normal([map.inRows, depth], 1) as tf.Tensor2D;
  const w = normal([map.taps, depth, columns], 2) as tf.Tensor3D;
  const dy = tf.ones([map.outRows, columns]) as tf.Tensor2D;
  const gradients = tf.grads((a, b) => sparseConv3d(a as tf.Tensor2D, b as tf.Tensor3D, map));
  if (torch) {
    await torch.array('x', x.dataSync() as Float32Array, x.shape);
    await torch.array('w', w.dataSync() as Float32Array, w.shape);
    for (const backward of [false, true]) {
      await torch.prepare(`conv ${backward}`, 'products.sparse_conv', {
        x: 'x',
        w: 'w',
        map: 'map',
        backward,
      });
    }
    const y = sparseConv3d(x, w, map);
    await agree(torch, 'conv false', y.dataSync(), 1e-2);
    y.dispose();
  }
  const flop = 2 * map.pairs * depth * columns;
  const name = `${title}, ${depth} to ${columns}`;
  const peer = torch ? (id: string) => ({ peer: id, peerName: 'PyTorch gather, mm, index_add' }) : () => ({});
  await measure(bench, {
    name: `${name}, forward`,
    ours: () => sparseConv3d(x, w, map).dispose(),
    flop,
    ...peer('conv false'),
  });
  await measure(bench, {
    name: `${name}, forward and backward`,
    ours: () => {
      // The forward pass, and both gradients.
      tf.dispose(gradients([x, w], dy));
    },
    flop: 3 * flop,
    ...peer('conv true'),
  });
  tf.dispose([x, w, dy]);
};

/** Sparse convolutions on real geometry: both grids, two kernel shapes, five channel pairs. */
export const convolutions = async (bench: OpsBench): Promise<void> => {
  const { torch, context } = bench;
  for (const shape of [fineShape, coarseShape]) {
    const { coords } = benchmarkScan(context.realData, shape);
    for (const kernel of [[1, 3, 3] as const, [3, 3, 3] as const]) {
      const map = submanifoldMap(coords, kernel, { shape });
      const title = `sparse convolution ${shape.join('x')}, ${kernel.join('x')}, ${map.pairs} pairs`;
      if (torch) await torch.array('map', map.inputOf, [map.outRows, map.taps]);
      for (const channels of channelPairs) await compare(bench, title, map, channels);
    }
  }
};

/** Geometric means and minima over the rows, the form in which targets are stated. */
export const summarise = (bench: OpsBench): void => {
  for (const kind of ['forward', 'forward and backward']) {
    const own = bench.rows.filter(
      ({ name }) => name.startsWith('sparse convolution') && name.endsWith(`, ${kind}`),
    );
    const ratios = own.flatMap(({ ratio }) => (ratio === undefined ? [] : [ratio]));
    if (ratios.length === 0) continue;
    const mean = Math.exp(ratios.reduce((sum, r) => sum + Math.log(r), 0) / ratios.length);
    const shares = own
      .filter(({ name }) => /, (64|128|256) to/.test(name))
      .map(({ gflops, ceiling }) => gflops! / ceiling!);
    bench.rows.push({
      name: `all sparse convolutions, ${kind}: geometric mean`,
      ours: own.reduce((sum, r) => sum + r.ours, 0),
      peer: own.reduce((sum, r) => sum + (r.peer ?? 0), 0),
      ratio: mean,
      peerName: 'PyTorch gather, mm, index_add',
      note: `lowest ${Math.min(...ratios).toFixed(1)}; share of sgemm, channels from 64: ${(100 * Math.min(...shares)).toFixed(0)} to ${(100 * Math.max(...shares)).toFixed(0)} %`,
    });
  }
};
