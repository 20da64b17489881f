import { beforeAll, describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import { asymmetricBlock } from './asymmetric-block.js';
import { onBackend } from './backend.test.helper.js';
import type { Cylinder3dConfig } from './config.js';
import { contextModelling } from './context-modelling.js';
import { encodeScans } from './encode-scans.js';
import type { ForwardPass } from './forward-pass.js';
import {
  downSites,
  type Naive,
  naiveAsymmetric,
  naiveContextModelling,
  naiveForward,
  naivePoints,
  naiveUp,
  type Rows,
} from './naive.test.helper.js';
import { planScans } from './plan-scans.js';
import { pointEncoder } from './point-encoder.js';
import { rowsOf, sitesOf, tinyConfig, tinyNetwork, tinyScan, valuesOf } from './scene.test.helper.js';
import { upBlock } from './up-block.js';

onBackend('cpu');

function expectRows(actual: tf.Tensor, expected: Rows, tolerance = 2e-4): void {
  expect(actual.shape).toEqual([expected.length, expected[0].length]);
  const values = actual.dataSync();
  const flat = expected.flatMap((row) => [...row]);
  const worst = flat.reduce(
    (most, v, i) => Math.max(most, Math.abs(values[i] - v) / Math.max(1, Math.abs(v))),
    0,
  );
  expect(worst).toBeLessThan(tolerance);
}

const variants: [string, Partial<Cylinder3dConfig>, boolean][] = [
  ["'paper', inference", {}, false],
  ["'paper', training", {}, true],
  ["'released', inference", { kernelMaps: 'released' }, false],
  ["'released', training", { kernelMaps: 'released' }, true],
];

describe.each(variants)(
  'blocks against float64 loops over all pairs of voxels: %s',
  (_name, overrides, training) => {
    const random = createRandom('blocks');
    const config = tinyConfig(overrides);
    const scan = tinyScan(random.fork('scan'));
    const plan = planScans([scan], config);
    const fine = sitesOf(scan);
    const coarse = downSites(fine, [2, 2, 2]);
    const voxels = fine.coords.length;
    const input = (rows: number, channels: number): Float32Array =>
      Float32Array.from({ length: rows * channels }, () => random.normal());
    let pass: ForwardPass;
    let net: Naive;
    beforeAll(() => {
      const network = tinyNetwork(config, random.fork('network'));
      pass = { network, training };
      net = { config, values: valuesOf(network), training };
    });

    it('point encoder', () => {
      expectRows(
        pointEncoder(pass, plan),
        naivePoints(net, rowsOf(scan.pointFeatures, 9), scan.voxelOfPoint, voxels),
      );
    });

    it('context block', () => {
      const x = input(voxels, 4);
      expectRows(
        asymmetricBlock(pass, tf.tensor2d(x, [voxels, 4]), 'context', 'context', plan.levels[0]),
        naiveAsymmetric(net, fine, rowsOf(x, 4), 'context', 'context'),
      );
    });

    it('down block', () => {
      const x = input(voxels, 2);
      expectRows(
        asymmetricBlock(pass, tf.tensor2d(x, [voxels, 2]), 'down2', 'down', plan.levels[0]),
        naiveAsymmetric(net, fine, rowsOf(x, 2), 'down2', 'down'),
      );
    });

    it('up block', () => {
      const rows = coarse.coords.length;
      const x = input(rows, 8);
      const skip = input(voxels, 4);
      expectRows(
        upBlock(
          pass,
          tf.tensor2d(x, [rows, 8]),
          tf.tensor2d(skip, [voxels, 4]),
          'up3',
          plan.levels[1],
          plan.levels[0],
        ),
        naiveUp(net, coarse, fine, [2, 2, 2], rowsOf(x, 8), rowsOf(skip, 4), 'up3'),
      );
    });

    it('context modelling', () => {
      const x = input(voxels, 4);
      expectRows(
        contextModelling(pass, tf.tensor2d(x, [voxels, 4]), plan.levels[0]),
        naiveContextModelling(net, fine, rowsOf(x, 4)),
      );
    });

    it('the whole network, all levels', () => {
      const result = encodeScans(pass.network, plan, { training });
      const expected = naiveForward(net, fine, rowsOf(scan.pointFeatures, 9), scan.voxelOfPoint);
      // Batch statistics over a few rows amplify float32's rounding on the way down.
      expectRows(result.logits, expected.logits, 5e-3);
      for (const [i, level] of result.levels.entries()) expectRows(level.features, expected.levels[i], 5e-3);
    });
  },
);

describe('encodeScans', () => {
  const random = createRandom('encode');
  const config = tinyConfig();
  const network = () => tinyNetwork(config, random.fork('network'));

  it('lets azimuth wrap where the grid says so', () => {
    const scan = tinyScan(random.fork('wrapped'), 40, true);
    const net = network();
    const same = encodeScans(net, planScans([scan], tinyConfig({ wrapAzimuth: false })), { training: false });
    const wrapped = encodeScans(net, planScans([scan], config), { training: false });
    const first = (t: tf.Tensor) => Array.from(t.dataSync());
    expect(first(wrapped.logits)).not.toEqual(first(same.logits));
  });

  it('gives a batch of two scans what it gives each alone', () => {
    const scans = [tinyScan(random.fork('a')), tinyScan(random.fork('b'))];
    const net = network();
    const both = encodeScans(net, planScans(scans, config), { training: false });
    const alone = scans.map((scan) => encodeScans(net, planScans([scan], config), { training: false }));
    for (const [i, level] of both.levels.entries()) {
      const parts = tf.concat(alone.map(({ levels }) => levels[i].features));
      expect(level.features.shape).toEqual(parts.shape);
      expect(tf.max(tf.abs(tf.sub(level.features, parts))).arraySync()).toBeLessThan(1e-5);
    }
    const logits = tf.concat(alone.map((result) => result.logits));
    expect(tf.max(tf.abs(tf.sub(both.logits, logits))).arraySync()).toBeLessThan(1e-5);
  });

  it('refuses a plan made for other kernel maps, and names the level', () => {
    const plan = planScans([tinyScan(random.fork('a'))], tinyConfig({ kernelMaps: 'released' }));
    expect(() => tf.tidy(() => [encodeScans(network(), plan, { training: false }).logits])).toThrow(
      'level 0',
    );
  });

  it('reports the time of every block', () => {
    const names: string[] = [];
    encodeScans(network(), planScans([tinyScan(random.fork('a'))], config), {
      training: false,
      profile: (name, ms) => {
        names.push(name);
        expect(ms).toBeGreaterThanOrEqual(0);
      },
    });
    expect(names).toEqual([
      'point',
      'context',
      ...[2, 3, 4, 5].flatMap((n) => [`down${n}`, `down${n}.pool`]),
      'up0',
      'up1',
      'up2',
      'up3',
      'refine',
      'logits',
    ]);
  });
});
