import { readFileSync } from 'node:fs';
import * as b from '@nerfseg/backbone';
import * as g from '@nerfseg/geometry';
import { selectEngine } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';

const e = await selectEngine('nerfseg-cpu');
console.log(JSON.stringify(e.right ?? e));
const buf = readFileSync('/work/shared/data/semantickitti/sequences/00/velodyne/000000.bin');
const raw = new Float32Array(buf.buffer, buf.byteOffset, buf.length / 4);
const n = raw.length / 4;
const positions = new Float32Array(n * 3),
  intensity = new Float32Array(n);
for (let i = 0; i < n; i++) {
  positions.set(raw.subarray(i * 4, i * 4 + 3), i * 3);
  intensity[i] = raw[i * 4 + 3];
}
for (const [shape, width] of [
  [[480, 360, 32], 32],
  [[240, 180, 20], 16],
]) {
  let t = performance.now();
  const grid = g.cylindricalGrid('semantickitti', { shape });
  const scan = g.voxelize({ positions, intensity }, grid);
  const tv = performance.now() - t;
  const config = b.cylinder3dConfig({ numClasses: 20, width, kernelMaps: 'paper' });
  const cfg = config.right ?? config;
  const net = b.createCylinder3d(cfg, g.createRandom(1));
  t = performance.now();
  const plan = b.planScans([scan.right ?? scan], cfg);
  const tp = performance.now() - t;
  console.log('voxelize', tv.toFixed(0), 'plan', tp.toFixed(0));
  for (let r = 0; r < 4; r++) {
    const prof = {};
    t = performance.now();
    const f = b.encodeScans(net, plan, {
      training: false,
      levels: false,
      profile: r == 3 ? (k, ms) => (prof[k] = +ms.toFixed(1)) : undefined,
    });
    const v = f.logits.dataSync()[5];
    const dt = performance.now() - t;
    b.disposeFeatures(f);
    console.log('infer', dt.toFixed(0), v, r == 3 ? JSON.stringify(prof) : '');
  }
  console.log(tf.memory().bytesInUse / 1e6, tf.memory().bytesIdle / 1e6, process.memoryUsage().rss / 1e6);
}
