import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import { onBackend } from './backend.test.helper.js';
import { disposeNetwork } from './dispose-network.js';
import { disposeFeatures, encodeScans } from './encode-scans.js';
import type { BatchStatistics } from './forward-pass.js';
import { naiveForward } from './naive.test.helper.js';
import { namedGradients } from './named-gradients.js';
import { planScans } from './plan-scans.js';
import { predictVoxels } from './predict-voxels.js';
import { rowsOf, sitesOf, tinyConfig, tinyNetwork, tinyScan, valuesOf } from './scene.test.helper.js';
import { segmentScan } from './segment-scan.js';
import { discardStatistics, updateStatistics } from './update-statistics.js';

onBackend('cpu');

describe.each([
  ['paper', false],
  ['paper', true],
  ['released', false],
] as const)("gradients, kernelMaps '%s', training %p", (kernelMaps, training) => {
  it('agree with finite differences of a float64 network, for every kind of parameter', () => {
    const random = createRandom('gradients');
    const config = tinyConfig({ kernelMaps, pointWidths: [5], numClasses: 3 });
    const scan = tinyScan(random.fork('scan'), training ? 20 : 9);
    const network = tinyNetwork(config, random.fork('network'));
    const plan = planScans([scan], config);
    const mixing = Float32Array.from({ length: (scan.coords.length / 3) * 3 }, () => random.normal());
    const { value, gradients } = namedGradients(network.trainable, () => {
      const { logits } = encodeScans(network, plan, { training });
      return tf.sum(tf.mul(logits, tf.tensor(mixing, logits.shape))) as tf.Scalar;
    });
    const values = valuesOf(network);
    const sites = sitesOf(scan);
    const points = rowsOf(scan.pointFeatures, 9);
    const loss = (): number => {
      const { logits } = naiveForward({ config, values, training }, sites, points, scan.voxelOfPoint);
      return logits.flatMap((row) => [...row]).reduce((sum, v, i) => sum + v * mixing[i], 0);
    };
    expect(value.arraySync()).toBeCloseTo(loss(), 2);
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(network.trainable).sort());
    const kinds = [
      'point.norm.weight',
      'point.linear0.weight',
      'point.norm0.bias',
      'point.linear1.bias',
      'point.compress.weight',
      'context.branchA.conv0.weight',
      'context.branchB.norm1.weight',
      'down3.branchB.conv0.weight',
      'down2.pool.weight',
      'down5.branchA.norm0.bias',
      'up0.convTransform.weight',
      'up1.inverse.weight',
      'up3.conv1.weight',
      'up2.norm2.weight',
      'refine.conv1.weight',
      'refine.norm2.bias',
      'logits.weight',
      'logits.bias',
    ];
    for (const name of kinds) {
      const exact = values(name) as Float64Array;
      const analytic = gradients[name].dataSync();
      for (let probe = 0; probe < 2; probe++) {
        const at = random.int(exact.length);
        const kept = exact[at];
        const h = 1e-5;
        exact[at] = kept + h;
        const above = loss();
        exact[at] = kept - h;
        const below = loss();
        exact[at] = kept;
        const numeric = (above - below) / (2 * h);
        const error = Math.abs(analytic[at] - numeric) / Math.max(1, Math.abs(numeric));
        // Batch statistics over few rows amplify float32's rounding.
        if (!(error < (training ? 3e-2 : 2e-3)))
          throw new Error(`${name}[${at}]: ${analytic[at]}, finite difference ${numeric}`);
      }
    }
    if (kernelMaps === 'released') {
      const unused = tf.slice(gradients['up3.conv2.weight'], [9, 0, 0]);
      expect(tf.max(tf.abs(unused)).arraySync()).toBe(0);
    }
  });
});

describe('training steps', () => {
  const random = createRandom('steps');
  const config = tinyConfig();
  const scan = tinyScan(random.fork('scan'), 30);
  const plan = planScans([scan], config);
  const voxels = scan.coords.length / 3;
  const labels = Int32Array.from({ length: voxels }, (_, v) => 1 + (scan.coords[v * 3] > 15 ? 1 : 0));
  const step = (
    network: ReturnType<typeof tinyNetwork>,
    collect: Map<string, BatchStatistics>,
  ): { value: tf.Scalar; gradients: Record<string, tf.Tensor> } =>
    namedGradients(network.trainable, () => {
      const { logits } = encodeScans(network, plan, { training: true, collect });
      const target = tf.oneHot(tf.tensor1d(labels, 'int32'), config.numClasses);
      return tf.neg(tf.mean(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1))) as tf.Scalar;
    });

  it('free what an earlier pass of the step had collected', () => {
    const network = tinyNetwork(config, random.fork('twice'));
    const before = tf.memory().numTensors;
    const collect = new Map<string, BatchStatistics>();
    for (let pass = 0; pass < 3; pass++)
      disposeFeatures(encodeScans(network, plan, { training: true, collect }));
    updateStatistics(network, collect);
    expect(tf.memory().numTensors).toBe(before);
    disposeNetwork(network);
  });

  it('lower the loss, follow the statistics, and leave no tensor behind', async () => {
    const network = tinyNetwork(config, random.fork('network'));
    const before = tf.memory().numTensors;
    const collect = new Map<string, BatchStatistics>();
    const losses: number[] = [];
    for (let i = 0; i < 12; i++) {
      const { value, gradients } = step(network, collect);
      losses.push(value.arraySync());
      for (const [name, gradient] of Object.entries(gradients)) {
        const variable = network.trainable[name];
        tf.tidy(() => variable.assign(tf.sub(variable, tf.mul(gradient, 0.05))));
      }
      updateStatistics(network, collect, 0.3);
      expect(collect.size).toBe(0);
      tf.dispose(gradients);
      value.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
    expect(losses[11]).toBeLessThan(0.7 * losses[0]);
    // Let the running statistics catch up with the last step.
    for (let i = 0; i < 15; i++) {
      disposeFeatures(encodeScans(network, plan, { training: true, collect }));
      updateStatistics(network, collect, 0.3);
    }
    const predicted = await predictVoxels(network, plan);
    const right = predicted.filter((c, v) => c === labels[v]).length;
    expect(right / voxels).toBeGreaterThan(0.8);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('move running statistics as PyTorch does: unbiased variance, momentum on the batch', () => {
    const network = tinyNetwork(config, random.fork('network'));
    const mean = network.statistics['context.branchA.norm0.mean'];
    const variance = network.statistics['context.branchA.norm0.variance'];
    const [oldMean, oldVariance] = [mean.dataSync().slice(), variance.dataSync().slice()];
    const collect = new Map<string, BatchStatistics>();
    disposeFeatures(encodeScans(network, plan, { training: true, collect }));
    expect([...collect.keys()].map((name) => `${name}.mean`).sort()).toEqual(
      Object.keys(network.statistics)
        .filter((name) => name.endsWith('.mean'))
        .sort(),
    );
    const batch = collect.get('context.branchA.norm0')!;
    expect(batch.rows).toBe(voxels);
    const [batchMean, batchVariance] = [batch.mean.dataSync().slice(), batch.variance.dataSync().slice()];
    updateStatistics(network, collect);
    for (let c = 0; c < config.width; c++) {
      expect(mean.dataSync()[c]).toBeCloseTo(0.9 * oldMean[c] + 0.1 * batchMean[c], 5);
      expect(variance.dataSync()[c]).toBeCloseTo(
        0.9 * oldVariance[c] + (0.1 * batchVariance[c] * voxels) / (voxels - 1),
        5,
      );
    }
  });

  it('can be given up', () => {
    const network = tinyNetwork(config, random.fork('network'));
    const before = tf.memory().numTensors;
    const collect = new Map<string, BatchStatistics>();
    const { value, gradients } = step(network, collect);
    discardStatistics(collect);
    tf.dispose([value, ...Object.values(gradients)]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('inference', () => {
  it('names a class of every voxel, never 0, and leaves no tensor behind', async () => {
    const random = createRandom('inference');
    const config = tinyConfig();
    const scan = tinyScan(random.fork('scan'));
    const network = tinyNetwork(config, random.fork('network'));
    const before = tf.memory().numTensors;
    const classes = await segmentScan(network, scan);
    expect(tf.memory().numTensors).toBe(before);
    expect(classes).toHaveLength(scan.coords.length / 3);
    const { logits } = encodeScans(network, planScans([scan], config), { training: false, levels: false });
    const rows = rowsOf(logits.dataSync(), config.numClasses);
    for (const [v, row] of rows.entries()) {
      const best = row.slice(1).reduce((b, value, c, all) => (value > all[b] ? c : b), 0) + 1;
      expect(classes[v]).toBe(best);
    }
  });
});
