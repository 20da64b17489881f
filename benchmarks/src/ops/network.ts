import {
  type BatchStatistics,
  countOperations,
  createCylinder3d,
  cylinder3dConfig,
  discardStatistics,
  disposeFeatures,
  disposeNetwork,
  encodeScans,
  type Network,
  planScans,
  type ScanPlan,
} from '@nerfseg/backbone';
import { createRandom } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import { agree, measure, type OpsBench } from './measure.js';
import { benchmarkScan, coarseShape, fineShape } from './scan.js';
import type { TorchPeer } from './torch-peer.js';

/** A network with weights and a plan, handed to the peer; the arguments that name them there. */
export const sendNetwork = async (torch: TorchPeer, network: Network, plan: ScanPlan): Promise<object> => {
  const all = { ...network.trainable, ...network.statistics };
  for (const [name, variable] of Object.entries(all)) {
    await torch.array(`w:${name}`, (await variable.data()) as Float32Array, variable.shape);
  }
  const levels: string[][] = [];
  for (const { level, maps, down } of plan.levels) {
    const named = { ...maps, ...(down ? { down } : {}) };
    for (const [name, map] of Object.entries(named)) {
      await torch.array(`map:${level}:${name}`, map.inputOf, [map.outRows, map.taps]);
    }
    levels.push(Object.keys(named));
  }
  await torch.array('segments', plan.segments.segmentOf, [plan.points]);
  const points = tf.tidy(() => tf.concat(plan.pointFeatures.map((values) => tf.tensor1d(values))).dataSync());
  await torch.array('points', points as Float32Array, [plan.points, 9]);
  return { weights: Object.keys(all), levels, segments: 'segments', points: 'points' };
};

/** Gives the batch norms the statistics of this scan: with those of the start, activations would fade to nothing. */
export const calibrate = (network: Network, plan: ScanPlan): void => {
  const collect = new Map<string, BatchStatistics>();
  disposeFeatures(encodeScans(network, plan, { training: true, collect, levels: false }));
  for (const [name, { mean, variance }] of collect) {
    network.statistics[`${name}.mean`]!.assign(mean);
    network.statistics[`${name}.variance`]!.assign(variance);
  }
  discardStatistics(collect);
};

/** Whole inference with Cylinder3D: the same weights and maps on both sides, outputs compared. */
export const inference = async (bench: OpsBench): Promise<void> => {
  const { torch, context } = bench;
  const cases = [
    [fineShape, 32],
    [coarseShape, 16],
  ] as const;
  for (const [shape, width] of cases) {
    if (context.quick && width === 32) continue;
    const scan = benchmarkScan(context.realData, shape);
    const config = cylinder3dConfig({ numClasses: 20, width, kernelMaps: 'paper' });
    const network = createCylinder3d(config, createRandom(1));
    const plan = planScans([scan], config);
    calibrate(network, plan);
    const operations = countOperations(plan, config);
    const run = (): Float32Array => {
      const features = encodeScans(network, plan, { training: false, levels: false });
      const logits = features.logits.dataSync() as Float32Array;
      disposeFeatures(features);
      return logits;
    };
    let worst = 0;
    if (torch) {
      await torch.prepare('inference', 'cylinder3d.inference', await sendNetwork(torch, network, plan));
      worst = await agree(torch, 'inference', run(), 1e-3);
    }
    await measure(bench, {
      name: `Cylinder3D inference, C=${width}, ${shape.join('x')}`,
      ours: run,
      flop: operations.pointEncoder + operations.unet,
      ...(torch ? { peer: 'inference', note: () => `outputs agree to ${worst.toExponential(1)}` } : {}),
    });
    disposeNetwork(network);
    await torch?.forget('inference');
  }
};
