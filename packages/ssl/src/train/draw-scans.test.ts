import { describe, expect, it } from '@jest/globals';
import { cylinder3dConfig } from '@nerfseg/backbone';
import { createRandom } from '@nerfseg/geometry';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { tinyDataset, tinyGrid, unwrap } from '../testing/tiny-dataset.js';
import { assembleBatch } from './assemble-batch.js';
import { createSession } from './create-session.js';
import { batchDrawer } from './draw-scans.js';
import { disposeSession } from './session.js';
import { trainSettings } from './settings.js';
import type { StepScan } from './step-scan.js';
import { startStopwatch } from './stopwatch.js';
import type { TrainOptions } from './train-options.js';

const network = cylinder3dConfig({ numClasses: 4, width: 2, pointWidths: [8, 8], voxelInputChannels: 4 });

const optionsOf = (settings: object): TrainOptions => ({
  ...tinyDataset(4),
  labelled: [0, 1],
  unlabelled: [2, 3],
  grid: tinyGrid,
  network,
  settings: trainSettings.parse({ steps: 5, method: 'mean-teacher', ...settings }),
  random: createRandom(7),
});

/** The scans of batches `from` to 4. */
async function drawn(options: TrainOptions, from = 0): Promise<(readonly StepScan[])[]> {
  await tf.setBackend('cpu');
  const session = createSession(network, options.settings, createRandom(0));
  const draw = batchDrawer(options, session, from, startStopwatch());
  const batches: (readonly StepScan[])[] = [];
  for (let k = from; k < options.settings.steps; k++)
    batches.push(unwrap(await draw.next(k, options.random.fork(`batch ${k}`))));
  await draw.close();
  disposeSession(session);
  return batches;
}

const arraysOf = (scans: readonly StepScan[]) =>
  scans.map(({ kind, prepared }) => ({ kind, points: prepared.points, labels: prepared.pointLabels }));

// Teachers come late: they take long here.
const polar = { polarMix: 0.6, polarMixClasses: [3], labelledPerStep: 2, pseudoStart: 1 };

describe('batchDrawer', () => {
  it('gives the same scans from any step on', async () => {
    const options = optionsOf({ ...polar, pseudoStart: 0.75 });
    const all = await drawn(options);
    const last = await drawn(options, 3);
    expect(last.map(arraysOf)).toEqual(all.slice(3).map(arraysOf));
  });

  it('adds labelled scans mixed by PolarMix, last, as often as it is told to', async () => {
    const count = async (polarMix: number): Promise<number> =>
      (await drawn(optionsOf({ ...polar, polarMix })))
        .flat()
        .filter((scan) => scan.kind === 'mixed' && scan.labels === 'true').length;
    expect(await count(0)).toBe(0);
    expect(await count(1)).toBe(10);
    const some = await count(0.6);
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(10);
  });

  it("counts a mixed scan's labels among the true ones, and no teacher's", async () => {
    const options = optionsOf({ ...polar, polarMix: 1 });
    const session = createSession(network, options.settings, createRandom(0));
    for (const scans of await drawn(options)) {
      expect(scans.map(({ kind }) => kind)).toEqual(['labelled', 'labelled', 'unlabelled', 'mixed', 'mixed']);
      const weights = new Float32Array(4).fill(1);
      const batch = assembleBatch(scans, session, tinyGrid, options.settings, weights, createRandom(1));
      expect(batch.mixedLabels).toBeUndefined();
      const [first, second, unlabelled, ...mixed] = scans.map(({ prepared }) => [...prepared.labels]);
      expect([...batch.labels]).toEqual([
        ...first!,
        ...second!,
        ...unlabelled!.map(() => 0),
        ...mixed.flat(),
      ]);
      expect(mixed.flat().some((label) => label === 3)).toBe(true);
    }
    disposeSession(session);
  });

  it('augments as far as the settings say', async () => {
    const still = { rotation: 0, flip: false, scale: [1, 1], shift: 0 };
    const where = async (settings: object): Promise<(readonly number[])[]> =>
      (await drawn(optionsOf({ method: 'supervised', ...settings })))
        .flat()
        .map((scan) => [...('frame' in scan.prepared ? scan.prepared.augmentedFromLidar : [])]);
    const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    for (const affine of await where(still)) expect(affine.map((a) => a + 0)).toEqual(identity);
    for (const affine of await where({ ...still, scale: [2, 2] }))
      expect([affine[0], affine[10]]).toEqual([2, 1]);
    const whole = await drawn(optionsOf({ method: 'supervised', ...still }));
    const dropped = await drawn(optionsOf({ method: 'supervised', ...still, dropout: 0.9 }));
    const points = (batches: (readonly StepScan[])[]): number =>
      batches.flat().reduce((sum, { prepared }) => sum + prepared.pointLabels.length, 0);
    expect(points(dropped)).toBeLessThan(0.9 * points(whole));
  });
});

describe('assembleBatch', () => {
  it('samples rays where any level has a voxel, or the finest first where it is told to', async () => {
    const rendering = { method: 'nerf', steps: 1, pseudoStart: 1, lidarRays: 40, samplesPerRay: 6 };
    const shareOfFinest = async (settings: object): Promise<number> => {
      const options = optionsOf({ ...rendering, ...settings });
      const session = createSession(network, options.settings, createRandom(0));
      const [scans] = await drawn(options);
      const weights = new Float32Array(4).fill(1);
      const batch = assembleBatch(scans!, session, tinyGrid, options.settings, weights, createRandom(1));
      disposeSession(session);
      const [finest] = batch.rays!.samples.levels;
      return finest!.indices.filter((row) => row >= 0).length / finest!.indices.length;
    };
    const evenly = await shareOfFinest({});
    expect(evenly).toBeGreaterThan(0);
    expect(await shareOfFinest({ finestFirst: false })).toBe(evenly);
    expect(await shareOfFinest({ finestFirst: true })).toBeGreaterThan(1.1 * evenly);
  });

  it('takes no dropped point for space that is free', async () => {
    const rendering = { method: 'nerf', steps: 1, pseudoStart: 1, lidarRays: 8000, samplesPerRay: 1 };
    const freeRays = async (dropout: number): Promise<number> => {
      const options = optionsOf({ ...rendering, dropout });
      const session = createSession(network, options.settings, createRandom(0));
      const [scans] = await drawn(options);
      const weights = new Float32Array(4).fill(1);
      const batch = assembleBatch(scans!, session, tinyGrid, options.settings, weights, createRandom(1));
      disposeSession(session);
      return batch.rays!.free.reduce((sum, free) => sum + free, 0);
    };
    expect(await freeRays(0)).toBeGreaterThan(0);
    expect(await freeRays(0.95)).toBe(await freeRays(0));
  });
});
