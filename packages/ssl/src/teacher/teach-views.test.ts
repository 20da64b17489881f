import { beforeAll, describe, expect, it } from '@jest/globals';
import '@tensorflow/tfjs-backend-cpu';
import { prepareScan } from '@nerfseg/datasets';
import { createRandom, invertPose, poseFromEuler, transformPoints } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { neighbourFrames } from '../data/neighbour-frames.js';
import { methodCase } from '../testing/method-case.js';
import { tinyDataset, tinyGrid, unwrap } from '../testing/tiny-dataset.js';
import { disposeSession } from '../train/session.js';
import type { FrameScan } from '../train/step-scan.js';
import { agreedClasses } from './agreed-classes.js';
import { nearestPoints } from './nearest-points.js';
import { teachViews } from './teach-views.js';

describe('nearestPoints', () => {
  it('finds what a search through all pairs finds', () => {
    const random = createRandom('cloud');
    const cloud = (count: number): Float32Array =>
      Float32Array.from({ length: 3 * count }, () => 4 * random.next() - 2);
    const [of, among] = [cloud(300), cloud(200)];
    const reach = 0.5;
    const expected = Int32Array.from({ length: 300 }, (_, n) => {
      let [best, least] = [-1, reach];
      for (let m = 0; m < 200; m++) {
        const away = Math.hypot(...[0, 1, 2].map((i) => among[3 * m + i]! - of[3 * n + i]!));
        if (away < least) [best, least] = [m, away];
      }
      return best;
    });
    expect(nearestPoints(of, among, reach)).toEqual(expected);
    expect(expected.some((m) => m < 0)).toBe(true);
    expect(expected.filter((m) => m >= 0).length).toBeGreaterThan(50);
    expect(nearestPoints(of, new Float32Array(0), reach).every((m) => m === -1)).toBe(true);
  });

  it('ends for points of a broken file, however far away', () => {
    const [of, among] = [Float32Array.of(1e20, 0, 0, 1, 1, 1), Float32Array.of(1, 1, 1.1, 1e20, 0, 0)];
    expect([...nearestPoints(of, among, 0.3)]).toEqual([1, 0]);
  });
});

describe('agreedClasses', () => {
  // Voxels: sure of 1, sure of 2, unsure but rather 2, and no idea.
  const probabilities = Float32Array.of(0, 1, 0, 0, 0, 0, 1, 0, 0, 0.3, 0.5, 0.2, 0, 0.33, 0.33, 0.34);
  const view = (...voxels: number[]) => ({
    numClasses: 4,
    probabilities,
    voxels: Int32Array.from(voxels),
  });
  const rule = { confidentEntropy: 0.7, viewsNeeded: 2 };

  it('takes the mean where two see a place, and nothing where sure ones clash or one is alone', () => {
    //            both 1, clash, 2 corrects the unsure, alone, both without an idea
    const [a, b] = [view(0, 0, 2, 1, 3), view(0, 1, 1, -1, 3)];
    expect([...agreedClasses([a, b], rule)]).toEqual([1, 0, 2, 0, 0]);
    expect([...agreedClasses([a, b], { ...rule, viewsNeeded: 1 })]).toEqual([1, 0, 2, 2, 0]);
  });

  it('one sure view against two others is a clash', () => {
    expect([...agreedClasses([view(0), view(1), view(1)], rule)]).toEqual([0]);
    expect([...agreedClasses([view(-1), view(1), view(1)], rule)]).toEqual([2]);
    expect(agreedClasses([], rule)).toHaveLength(0);
  });
});

describe('neighbourFrames', () => {
  const times = [0, 0.1, 0.5, 1, 1.5, 40];
  const { dataset } = tinyDataset(7);
  const frames = {
    ...dataset,
    frame: (i: number) => ({
      ...dataset.frame(i),
      sequence: i === 6 ? 'another' : 'one',
      timestamp: 1e6 * (times[i] ?? 0.5),
    }),
  };
  const find = neighbourFrames(frames, [0, 1, 2, 3, 4, 5, 6]);

  it('keeps apart, stays in the sequence and in the drive', () => {
    expect(find(frames.frame(2), 2, 0.45)).toEqual([0, 3]);
    expect(find(frames.frame(2), 2, 0.05)).toEqual([1, 0]);
    expect(find(frames.frame(2), 9, 0.5)).toEqual([0, 3, 4]);
    expect(find(frames.frame(5), 2, 0.4)).toEqual([]);
    expect(find(frames.frame(6), 2, 0)).toEqual([]);
  });
});

describe('teachViews', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('agrees with itself through poses, and not without them', async () => {
    const { dataset } = tinyDataset(1);
    const one = dataset.frame(0);
    // The same scan from a car that has turned and driven on.
    const moved = poseFromEuler([3, -2, 0.1], 0.7);
    const cloud = unwrap(await one.points()());
    const positions = transformPoints(invertPose(moved), cloud.positions);
    const other = (globalFromLidar: Float64Array) => ({
      ...one,
      id: 'other',
      points: () => TE.right({ ...cloud, positions }),
      globalFromLidar,
    });
    const prepare = async (frame: typeof one) =>
      unwrap(
        await prepareScan(frame, { grid: tinyGrid, numClasses: 4, labelled: false, ignoreVotes: false })(),
      );
    const { session, settings } = await methodCase('multi-view');
    const plain = await prepare(one);
    const scan: FrameScan = { kind: 'unlabelled', prepared: plain, plain, views: [] };
    const labelledWith = async (pose: Float64Array, over: object = {}): Promise<number> => {
      const before = tf.memory().numTensors;
      const context = {
        session,
        settings: { ...settings, confidentEntropy: 1, ...over },
        grid: tinyGrid,
        step: 5,
        batch: 0,
        random: createRandom(0),
        unlabelled: [],
        neighbours: () => [1],
        read: () => async () => ({ _tag: 'Right' as const, right: await prepare(other(pose)) }),
      };
      const [taught] = unwrap(await teachViews(context, [scan])());
      expect(tf.memory().numTensors).toBe(before);
      const { pseudoPoints } = taught as FrameScan;
      return pseudoPoints!.filter((c) => c > 0).length / pseudoPoints!.length;
    };
    // Every point has its twin within a centimetre; entropy 1 lets every mean pass, and all are sure: agreement decides.
    const with_ = await labelledWith(moved as Float64Array, { viewReach: 0.01 });
    const without = await labelledWith(one.globalFromLidar as Float64Array, { viewReach: 0.01 });
    expect(with_).toBeGreaterThan(0.2);
    expect(without).toBeLessThan(0.05);
    expect(await labelledWith(one.globalFromLidar as Float64Array, { viewsNeeded: 1 })).toBeGreaterThan(0.2);
    disposeSession(session);
  });
});
