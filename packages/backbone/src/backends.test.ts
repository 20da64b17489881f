import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { selectEngine } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { isLeft } from 'fp-ts/lib/Either.js';
import { onBackend } from './backend.test.helper.js';
import { encodeScans } from './encode-scans.js';
import { namedGradients } from './named-gradients.js';
import { planScans } from './plan-scans.js';
import { tinyConfig, tinyNetwork, tinyScan } from './scene.test.helper.js';

const results: { logits: number[]; gradient: number[] }[] = [];

describe.each(['cpu', 'wasm', 'nerfseg-cpu'] as const)('on the %s backend', (backend) => {
  if (backend !== 'nerfseg-cpu') onBackend(backend);

  it('logits and gradients are the same, and nothing leaks', async () => {
    if (backend === 'nerfseg-cpu') {
      const engine = await selectEngine(backend);
      if (isLeft(engine)) return console.warn(`not compared: ${engine.left.found}`);
    }
    const random = createRandom('backends');
    const config = tinyConfig();
    const plan = planScans([tinyScan(random.fork('scan'), 20)], config);
    const network = tinyNetwork(config, random.fork('network'));
    const before = tf.memory().numTensors;
    const { logits } = encodeScans(network, plan, { training: false, levels: false });
    const { value, gradients } = namedGradients(network.trainable, () =>
      tf.mean(tf.square(encodeScans(network, plan, { training: false }).logits)),
    );
    const gradient = gradients['point.linear0.weight'];
    results.push({ logits: [...logits.dataSync()], gradient: [...gradient.dataSync()] });
    tf.dispose([logits, value, ...Object.values(gradients)]);
    expect(tf.memory().numTensors).toBe(before);
    const [first, last] = [results[0], results[results.length - 1]];
    const worst = (a: number[], b: number[]): number =>
      a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);
    expect(worst(first.logits, last.logits)).toBeLessThan(1e-3);
    expect(worst(first.gradient, last.gradient)).toBeLessThan(1e-3);
  });
});
