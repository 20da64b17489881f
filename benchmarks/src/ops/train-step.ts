import {
  type Cylinder3dConfig,
  countOperations,
  createCylinder3d,
  cylinder3dConfig,
  disposeNetwork,
  encodeScans,
  levelChannels,
  namedGradients,
  planScans,
} from '@nerfseg/backbone';
import { createRandom, type RayBundle, type VoxelizedScan } from '@nerfseg/geometry';
import { compositeRays, lovaszSoftmax, softmaxCrossEntropy } from '@nerfseg/ops';
import { createNerfHead, disposeNerfHead, evaluateNerfHead, marchRays } from '@nerfseg/render';
import { adamW, applyGradients, createOptimizer, disposeOptimizer, scanIndices } from '@nerfseg/ssl';
import * as tf from '@tensorflow/tfjs-core';
import { sendNetwork } from './network.js';
import type { TorchPeer } from './torch-peer.js';

const numClasses = 20;

/** Two cameras' worth of rays from the sensor: 90 degrees ahead and 90 behind, slightly up and down; 64 columns each. */
export const fan = (rays: number): RayBundle => {
  const half = rays / 2;
  const lines = Math.max(2, half / 64);
  const directions = new Float32Array(rays * 3);
  for (let r = 0; r < rays; r++) {
    const column = (r % half) % 64;
    const line = Math.floor((r % half) / 64);
    const azimuth = (column / 63 - 0.5) * (Math.PI / 2) + (r < half ? 0 : Math.PI);
    const elevation = 0.03 - (line / (lines - 1)) * 0.25;
    directions[r * 3] = Math.cos(azimuth) * Math.cos(elevation);
    directions[r * 3 + 1] = Math.sin(azimuth) * Math.cos(elevation);
    directions[r * 3 + 2] = Math.sin(elevation);
  }
  const none = new Int32Array(rays * 2).fill(-1);
  return { origins: new Float32Array(rays * 3), directions, pixels: none, near: 1, far: 50 };
};

export interface TrainStep {
  /** One whole step; returns the loss. */
  run(): Promise<number>;
  /** Prepares the same step at the peer under the id `step`. */
  send(torch: TorchPeer): Promise<void>;
  /** Floating-point operations of the network in a step: forward, and the gradients of inputs and weights. */
  readonly flop: number;
  readonly samples: number;
  dispose(): void;
}

export interface TrainStepSizes {
  readonly width: number;
  readonly rays: number;
  readonly perRay: number;
  /** What else differs from the published network. */
  readonly network?: Partial<Cylinder3dConfig>;
}

/** The step of the `ops` suite: C=16, 2 cameras x 1,024 rays x 64 samples. */
export const usualStep: TrainStepSizes = { width: 16, rays: 2048, perRay: 64 };

/** A labelled scan and an unlabelled one that rays are cast into: loss, gradients, AdamW. */
export const createTrainStep = (
  scans: readonly [VoxelizedScan, VoxelizedScan],
  { width, rays, perRay, network: overrides }: TrainStepSizes,
): TrainStep => {
  const config = cylinder3dConfig({ ...overrides, numClasses, width, kernelMaps: 'paper' });
  const network = createCylinder3d(config, createRandom(1));
  const head = createNerfHead({ levelChannels: levelChannels(config), numClasses }, createRandom(2));
  const plan = planScans(scans, config);
  const { grid } = scans[1];
  const samples = marchRays(fan(rays), grid, scanIndices(plan.levels, 1, grid), {
    samples: perRay,
    interpolation: 'trilinear',
  });
  const voxels = plan.levels[0]!.coords.length / 3;
  const labelled = scans[0].coords.length / 3;
  const labels = Uint8Array.from({ length: voxels }, (_, v) => (v < labelled ? v % numClasses : 0));
  const pseudo = Uint8Array.from({ length: rays }, (_, r) => 1 + (r % (numClasses - 1)));
  const parameters = {
    ...Object.fromEntries(Object.entries(network.trainable).map(([name, v]) => [`network/${name}`, v])),
    ...Object.fromEntries(Object.entries(head.trainable).map(([name, v]) => [`head/${name}`, v])),
  };
  const optimizer = createOptimizer(adamW({ learningRate: 1e-3 }), parameters);
  const loss = (): tf.Scalar => {
    const { logits, levels } = encodeScans(network, plan, { training: true });
    const features = levels.map((level) => level.features);
    const field = evaluateNerfHead(head, features, samples);
    const { values } = compositeRays(field.density, tf.softmax(field.logits), samples);
    return tf.addN([
      softmaxCrossEntropy(logits, labels),
      lovaszSoftmax(tf.softmax(logits), labels),
      softmaxCrossEntropy(tf.log(tf.add(values, 1e-6)) as tf.Tensor2D, pseudo),
    ]);
  };
  const operations = countOperations(plan, config);
  return {
    flop: 3 * (operations.pointEncoder + operations.unet),
    samples: samples.sampleCount,
    dispose: () => {
      disposeNetwork(network);
      disposeNerfHead(head);
      disposeOptimizer(optimizer);
    },
    run: async () => {
      const { value, gradients } = namedGradients(parameters, loss);
      await applyGradients(optimizer, gradients);
      const result = (await value.data())[0]!;
      value.dispose();
      return result;
    },
    send: async (torch) => {
      const named = await sendNetwork(torch, network, plan);
      for (const [name, v] of Object.entries(head.trainable)) {
        await torch.array(`h:${name}`, (await v.data()) as Float32Array, v.shape);
      }
      for (const [l, { corners, indices, weights }] of samples.levels.entries()) {
        await torch.array(`indices:${l}`, indices, [samples.sampleCount, corners]);
        await torch.array(`weights:${l}`, weights, [samples.sampleCount, corners]);
      }
      await torch.array('extras', samples.extras, [samples.sampleCount, samples.extraSize]);
      await torch.array('t', samples.t, [samples.sampleCount]);
      await torch.array('delta', samples.delta, [samples.sampleCount]);
      await torch.array('offsets', samples.rayOffsets, [rays + 1]);
      await torch.array('labels', labels, [voxels]);
      await torch.array('pseudo', pseudo, [rays]);
      await torch.prepare('step', 'train_step.step', {
        head: Object.keys(head.trainable),
        level_count: samples.levels.length,
        rays,
        ...named,
      });
    },
  };
};
