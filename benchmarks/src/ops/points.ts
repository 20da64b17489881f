import { encodePoints, type PointLayer, type PointStatistics, segmentsOf } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { agree, measure, type OpsBench } from './measure.js';

const points = 120_000;
const voxels = 20_000;

/** The released Cylinder3D's layers, and those of the benchmark's small networks. */
const encoders = [
  [9, 64, 128, 256, 256],
  [9, 32, 64, 64],
];

/** The point encoder over a scan, in inference and with gradients. */
export const pointEncoder = async (bench: OpsBench): Promise<void> => {
  for (const widths of encoders) await encoder(bench, widths);
};

const encoder = async (bench: OpsBench, widths: readonly number[]): Promise<void> => {
  const { torch } = bench;
  const x = tf.randomNormal([points, widths[0]!], 0, 1, 'float32', 1) as tf.Tensor2D;
  // Points lie close together in near voxels, and in no order.
  const segmentOf = tf.tidy(() =>
    tf
      .cast(tf.mul(tf.pow(tf.randomUniform([points], 0, 1, 'float32', 2), 2), voxels - 1), 'int32')
      .dataSync<'int32'>(),
  );
  segmentOf.set(Int32Array.from({ length: voxels }, (_, s) => s));
  const segments = segmentsOf(segmentOf, voxels);
  const around = (low: number, high: number, shape: number[], seed: number): tf.Tensor =>
    tf.randomUniform(shape, low, high, 'float32', seed);
  const layers = widths.slice(1).map((columns, i): PointLayer => {
    const width = widths[i]!;
    return {
      gamma: around(0.5, 1.5, [width], 10 * i + 3),
      beta: around(-0.5, 0.5, [width], 10 * i + 4),
      weight: around(-0.2, 0.2, [width, columns], 10 * i + 5),
      bias: around(-0.5, 0.5, [columns], 10 * i + 6),
    };
  });
  const statistics = widths.slice(0, -1).map(
    (width, i): PointStatistics => ({
      mean: around(-0.5, 0.5, [width], 10 * i + 7) as tf.Tensor1D,
      variance: around(0.5, 1.5, [width], 10 * i + 8) as tf.Tensor1D,
    }),
  );
  const parameters = layers.flatMap(({ gamma, beta, weight, bias }) => [gamma, beta, weight, bias]);
  const names: string[][] = [];
  if (torch) {
    await torch.array('points', x.dataSync() as Float32Array, x.shape);
    await torch.array('segments', segmentOf, [points]);
    for (const [i, { gamma, beta, weight, bias }] of layers.entries()) {
      const tensors = [gamma, beta, weight, bias, statistics[i]!.mean, statistics[i]!.variance];
      names.push(tensors.map((_, n) => `layer${i}.${n}`));
      for (const [n, tensor] of tensors.entries())
        await torch.array(`layer${i}.${n}`, tensor.dataSync() as Float32Array, tensor.shape);
    }
  }
  const gradients = tf.grads((...tensors: tf.Tensor[]) => {
    const given = layers.map((_, i): PointLayer => {
      const [gamma, beta, weight, bias] = tensors.slice(4 * i) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      return { gamma, beta, weight, bias };
    });
    return tf.sum(encodePoints(x, given, segments).y);
  });
  const infer = (): tf.Tensor => encodePoints(x, layers, segments, { statistics }).y;
  const rate = (ms: number): string => `${(points / ms / 1e3).toFixed(1)} M points/s`;
  const products = widths.slice(1).reduce((sum, columns, i) => sum + widths[i]! * columns, 0);
  for (const training of [false, true]) {
    if (torch) {
      const given = { points: 'points', segments: 'segments', voxels, layers: names, training };
      await torch.prepare('encode', 'points.encode_case', given);
      const ours = tf.tidy(() => (training ? encodePoints(x, layers, segments).y : infer()).dataSync());
      await agree(torch, 'encode', ours, 1e-3);
    }
    await measure(bench, {
      name: `point encoder, ${points} points, widths ${widths.join('-')}, ${training ? 'forward and backward' : 'inference'}`,
      ours: () => tf.dispose(training ? gradients(parameters) : infer()),
      ...(torch ? { peer: 'encode' } : {}),
      flop: 2 * points * products * (training ? 3 : 1),
      note: rate,
    });
  }
  await torch?.forget('points', 'segments', 'encode', ...names.flat());
  tf.dispose([x, ...parameters, ...statistics.flatMap(({ mean, variance }) => [mean, variance])]);
};
