import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSemanticKitti } from '@nerfseg/datasets';
import type { DataError } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { readMovingTruth } from './moving-truth.js';
import { simulateDataset } from './simulate-dataset.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nerfseg-moving-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const get = async <A>(task: TaskEither<DataError, A>): Promise<A> => {
  const result = await task();
  if (result._tag === 'Left') throw new Error(JSON.stringify(result.left));
  return result.right;
};

const options = {
  format: 'semantickitti',
  seed: 3,
  scenes: { train: 3, val: 0 },
  framesPerScene: 1,
  lidar: { azimuthSteps: 720 },
  imageSize: { width: 64, height: 20 },
  supersampling: 0,
  workers: 0,
} as const;

describe('movingTruth', () => {
  it('marks points of vehicles and people, and only some of these', async () => {
    const root = join(folder, 'moving');
    await get(simulateDataset({ ...options, root, movingTruth: true }));
    const dataset = await get(openSemanticKitti({ root, split: 'train' }));
    const movable = new Set(
      ['car', 'bicycle', 'motorcycle', 'truck', 'other-vehicle', 'person', 'bicyclist', 'motorcyclist'].map(
        (name) => dataset.labelSpace.names.indexOf(name),
      ),
    );
    let [moves, stands] = [0, 0];
    for (let i = 0; i < dataset.length; i++) {
      const frame = dataset.frame(i);
      const labels = await get(frame.labels());
      if (labels._tag === 'None') throw new Error('no labels');
      const moving = await get(readMovingTruth(root, frame));
      expect(moving).toHaveLength(labels.value.length);
      for (const [n, label] of labels.value.entries()) {
        if (moving[n] === 1) expect([label, movable.has(label)]).toEqual([label, true]);
        if (!movable.has(label)) continue;
        if (moving[n] === 1) moves++;
        else stands++;
      }
    }
    expect(moves).toBeGreaterThan(20);
    expect(stands).toBeGreaterThan(20);
  }, 300000);

  it('is not written unless it is asked for', async () => {
    const root = join(folder, 'plain');
    await get(simulateDataset({ ...options, scenes: { train: 1, val: 0 }, root }));
    const dataset = await get(openSemanticKitti({ root, split: 'train' }));
    const read = await readMovingTruth(root, dataset.frame(0))();
    expect(read).toMatchObject({ _tag: 'Left', left: { code: 'missing-file' } });
  });
});
