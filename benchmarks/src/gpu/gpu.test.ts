/** @jest-environment ../tools/jest/webgpu-environment.cjs */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { selectEngine } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';
import { benchmarkPoints } from '../ops/scan.js';
import { checkOps } from './check.js';
import { createClock } from './clock.js';
import { convolutions, denseProduct } from './convolutions.js';
import type { CudaPeer } from './cuda-peer.js';
import { currentGpu } from './device.js';
import type { GpuBench } from './measure.js';
import { inference, training } from './networks.js';
import { peerCase } from './peer-case.js';
import { rendering } from './rendering.js';
import { programsTable, rowsTable } from './report.js';
import { measureRoofline } from './roofline.js';
import { encodeScan, openScans, type Scans, thin, voxelsOf } from './scans.js';
import { quickSizes } from './sizes.js';

const why = (globalThis as { whyNoAdapter?: string }).whyNoAdapter;

const sizes = {
  ...quickSizes,
  channels: [[16, 32]] as const,
  everyPoint: 1000,
  product: 32,
};

describe('the scans of the GPU benchmark', () => {
  it('are read back as they were written, and repeated where there is one', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'nerfseg-scans-'));
    const points = { positions: Float32Array.of(1, 2, 3, 4, 5, 6), intensity: Float32Array.of(0.5, 0.25) };
    writeFileSync(path.join(folder, '0.bin'), encodeScan(points));
    expect(await openScans(folder)).toEqual({ name: '0.bin, 0.bin', points: [points, points] });
    rmSync(path.join(folder, '0.bin'));
    await expect(openScans(folder)).rejects.toThrow('no .bin file');
    rmSync(folder, { recursive: true });
  });

  it('are thinned point by point', () => {
    const points = {
      positions: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
      intensity: Float32Array.of(0.1, 0.2, 0.3),
    };
    const { positions, intensity } = thin(points, 2);
    expect([...positions]).toEqual([1, 2, 3, 7, 8, 9]);
    expect([...intensity]).toEqual([...Float32Array.of(0.1, 0.3)]);
  });
});

describe('a peer of the GPU benchmark', () => {
  const request = {
    name: 'peer',
    id: 'case',
    build: 'module.case',
    arguments: {},
    ours: Float32Array.of(1, 2),
    tolerance: 1e-3,
  };
  const answering = (values: number[]): GpuBench =>
    ({
      cuda: {
        allowTf32: async () => {},
        prepare: async () => {},
        result: async () => ({ values, sum: 0, size: values.length }),
      } as unknown as CudaPeer,
    }) as GpuBench;

  it('is timed where its values agree, and otherwise the table says why it is not', async () => {
    expect(await peerCase(answering([1, 2.001]), request)).toEqual([
      { name: 'peer', id: 'case', differs: expect.closeTo(5e-4, 6) },
    ]);
    expect(await peerCase(answering([1, 3]), request)).toEqual([
      { name: 'peer', id: { skipped: 'its values differ by 5.0e-1 of the largest' } },
    ]);
    expect(await peerCase(answering([1]), request)).toEqual([
      { name: 'peer', id: { skipped: 'has 1 values, ours 2' } },
    ]);
    expect(await peerCase({ cuda: undefined } as GpuBench, request)).toEqual([]);
    const text = rowsTable([{ name: 'row', ms: 1, peers: [{ name: 'peer', skipped: 'it is missing' }] }]);
    expect(text).toContain('peer: it is missing');
  });
});

(why ? describe.skip : describe)(`the GPU benchmark${why ? `: ${why}` : ''}`, () => {
  let bench: GpuBench;
  const { points } = benchmarkPoints(undefined);
  const scans: Scans = { name: 'made up', points: [points, points] };
  beforeAll(async () => {
    const engine = await selectEngine('webgpu');
    if (engine._tag === 'Left') throw new Error(engine.left.found);
    const gpu = currentGpu();
    const clock = createClock(gpu, true);
    const roofline = await measureRoofline(gpu, clock, true);
    bench = { gpu, clock, sizes, roofline, vendor: { gflops: 10 }, cuda: undefined, rows: [], say: () => {} };
  });

  it('measures ceilings', () => {
    expect(bench.roofline.gflops).toBeGreaterThan(0);
    expect(bench.roofline.gigabytes).toBeGreaterThan(0);
  });

  it('finds the ops right before it times them', async () => {
    const checks = await checkOps(voxelsOf(thin(scans.points[0], 400), [48, 36, 16]));
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(checks.length).toBeGreaterThan(10);
  });

  it('measures every part, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    for (const part of [denseProduct, convolutions, inference, training, rendering]) await part(bench, scans);
    expect(tf.memory().numTensors).toBe(before);
    const names = bench.rows.map(({ name }) => name);
    for (const kind of ['dense', 'sparse', 'Cylinder3D', 'training', 'voxel', 'ray', 'rendering'])
      expect(names.some((name) => name.startsWith(kind))).toBe(true);
    if (bench.clock.timestamps) expect(programsTable(bench.rows)).toContain('dispatches');
    for (const row of bench.rows) {
      expect(row.ms).toBeGreaterThan(0);
      if (bench.clock.timestamps) expect(row.gpuMs).toBeGreaterThan(0);
      if (bench.clock.timestamps && row.programs) {
        const own = row.name.startsWith('rendering') ? 'sample voxels' : 'sparse convolution';
        expect(row.programs.some(({ name }) => name.startsWith(own))).toBe(true);
        for (const { ms, dispatches } of row.programs)
          expect([ms >= 0, dispatches > 0]).toEqual([true, true]);
      }
      if (row.gflops) expect(row.shareOfVendorPeak).toBeCloseTo(row.gflops / 10);
    }
  }, 400_000);
});
