/** @jest-environment ../../tools/jest/webgpu-environment.cjs */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { selectEngine } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { disposeFeatures, encodeScans } from './encode-scans.js';
import { planScans } from './plan-scans.js';
import { predictVoxels } from './predict-voxels.js';
import { tinyConfig, tinyNetwork, tinyScan } from './scene.test.helper.js';

const why = (globalThis as { whyNoAdapter?: string }).whyNoAdapter;

const select = async (name: string): Promise<void> => {
  const engine = await selectEngine(name);
  if (engine._tag === 'Left') throw new Error(engine.left.found);
};

const scene = () => {
  const random = createRandom('webgpu');
  const config = tinyConfig();
  return {
    plan: planScans([tinyScan(random.fork('scan'), 20)], config),
    network: tinyNetwork(config, random.fork('network')),
  };
};

it('float16 is refused in training, and on engines that have float32 alone', async () => {
  await select('tfjs-cpu');
  const { plan, network } = scene();
  const precision = 'float16';
  expect(() => encodeScans(network, plan, { training: true, precision })).toThrow('expected float32');
  expect(() => encodeScans(network, plan, { training: false, precision })).toThrow("expected 'webgpu'");
});

(why ? describe.skip : describe)(`on webgpu${why ? `: ${why}` : ''}`, () => {
  beforeAll(() => select('webgpu'));

  it('float16 moves logits by little, and training after it not at all', async () => {
    const { plan, network } = scene();
    const before = tf.memory().numTensors;
    const logitsOf = async (precision?: 'float16'): Promise<Float32Array> => {
      const features = encodeScans(network, plan, { training: false, ...(precision ? { precision } : {}) });
      const values = await features.logits.data<'float32'>();
      disposeFeatures(features);
      return values;
    };
    const [whole, half, again] = [await logitsOf(), await logitsOf('float16'), await logitsOf()];
    const largest = Math.max(...whole.map(Math.abs));
    const differs = Math.max(...half.map((value, n) => Math.abs(value - whole[n]))) / largest;
    expect(differs).toBeGreaterThan(0);
    expect(differs).toBeLessThan(0.01);
    expect(again).toEqual(whole);
    const classes = await predictVoxels(network, plan);
    const inHalf = await predictVoxels(network, plan, { precision: 'float16' });
    const same = classes.filter((name, v) => name === inHalf[v]).length;
    expect(same / classes.length).toBeGreaterThan(0.95);
    expect(tf.memory().numTensors).toBe(before);
  });
});
