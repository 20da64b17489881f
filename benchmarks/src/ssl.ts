import {
  copyNetwork,
  createCylinder3d,
  cylinder3dConfig,
  disposeNetwork,
  exponentialAverage,
} from '@nerfseg/backbone';
import { addToConfusion, emptyConfusion, scoresOf } from '@nerfseg/datasets';
import { createRandom } from '@nerfseg/geometry';
import { selectEngine } from '@nerfseg/ops';
import { chooseReturns } from '@nerfseg/ssl';
import * as tf from '@tensorflow/tfjs-core';
import type { BenchRow, Suite } from './harness.js';

/** What training does between the kernels: choosing returns, counting, averaging. Whole steps are in the ops suite. */
export const suite: Suite = async ({ timeMedian }) => {
  await selectEngine();
  const random = createRandom('bench');
  const count = 120_000;
  const labels = Uint8Array.from({ length: count }, () => random.int(17));
  const predicted = Uint8Array.from({ length: count }, () => 1 + random.int(16));
  const rows: BenchRow[] = [
    {
      name: 'confusion and scores, 120,000 points, 17 classes',
      ours: await timeMedian('scores', () => scoresOf(addToConfusion(emptyConfusion(17), labels, predicted))),
    },
    {
      name: 'choose 1,024 of 120,000 returns, class by class',
      ours: await timeMedian('returns', () => chooseReturns(labels, 1024, random)),
    },
  ];
  const network = createCylinder3d(cylinder3dConfig({ numClasses: 17, width: 16 }), random);
  const average = copyNetwork(network);
  rows.push({
    name: 'exponential average of Cylinder3D, C=16, 14 million parameters',
    ours: await timeMedian('average', () => exponentialAverage(average, network, 0.99)),
    note: `engine ${tf.getBackend()}`,
  });
  disposeNetwork(network);
  disposeNetwork(average);
  return rows;
};
