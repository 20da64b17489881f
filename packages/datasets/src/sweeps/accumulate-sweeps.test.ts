import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { composePoses, invertPose, poseFromEuler, transformPoints } from '@nerfseg/geometry';
import { right } from 'fp-ts/lib/Either.js';
import { openNuScenes } from '../nuscenes/open-nuscenes.js';
import { describeReal, real } from '../testing/real-data.test.helper.js';
import { deviation, editTable, get, sceneRecord, scratch } from '../testing/scene.test.helper.js';
import type { Sweep } from '../types.js';
import { writeNuScenes } from '../write/write-nuscenes.js';
import { accumulateSweeps } from './accumulate-sweeps.js';

describe('accumulateSweeps', () => {
  // Five posts in the world, seen from a car that drives and turns; the last point is the car's own roof.
  const posts = Float64Array.of(120, 30, 1, 90, 41, 2, 105, 70, 0, 130, 55, 3, 99, 28, 1);
  const sweep = (i: number): Sweep => {
    const globalFromLidar = poseFromEuler([100 + i * 0.9, 50 + i * 0.2, 1.8], 0.3 + i * 0.05, 0.01, 0.02 * i);
    const seen = transformPoints(invertPose(globalFromLidar), posts);
    return {
      timestamp: 1_000_000 - i * 50_000,
      globalFromLidar,
      points: () => async () =>
        right({
          positions: Float32Array.from([...seen, 0.5, -0.5, 0.3]),
          intensity: Float32Array.from({ length: 6 }, (_, p) => (p + i) / 20),
          ring: Uint8Array.from({ length: 6 }, (_, p) => p),
        }),
    };
  };
  const sweeps = [0, 1, 2, 3].map(sweep);

  it('lays what stands still on itself, with the times, without the car', async () => {
    const { points, pointsOfSweep, pointInSweep } = await get(accumulateSweeps(sweeps));
    expect(Array.from(pointsOfSweep)).toEqual([5, 5, 5, 5]);
    const still = transformPoints(invertPose(sweeps[0].globalFromLidar), posts);
    for (let s = 0; s < 4; s++) {
      expect(deviation(points.positions.subarray(s * 15, s * 15 + 15), still)).toBeLessThan(1e-4);
      for (let p = 0; p < 5; p++) {
        expect(points.timeOffset[s * 5 + p]).toBeCloseTo(-0.05 * s, 6);
        expect(points.intensity[s * 5 + p]).toBeCloseTo((p + s) / 20, 6);
        expect(points.ring![s * 5 + p]).toBe(p);
        expect(pointInSweep[s * 5 + p]).toBe(p);
      }
    }
    expect((await get(accumulateSweeps(sweeps, { minDistance: 0 }))).points.intensity).toHaveLength(24);
    expect(() => accumulateSweeps([])).toThrow(RangeError);
  });

  it('takes key frames and the sweeps between in order, within the scene', async () => {
    const root = await scratch();
    const scenes = ['scene-0001', 'scene-0002'].map((name) => sceneRecord(name, 6, 17, ['CAM_FRONT']));
    await get(writeNuScenes(root, scenes));
    const all = await get(openNuScenes({ root }));
    // Frames 1, 2 and 4 of each scene become sweeps of the key frame that follows.
    const sweepTokens = new Map(
      [1, 2, 4, 7, 8, 10].map((i) => [
        all.frame(i).lidarToken,
        all.frame(i % 6 === 4 ? i + 1 : i - (i % 6) + 3).id,
      ]),
    );
    const dropped = new Set([1, 2, 4, 7, 8, 10].map((i) => all.frame(i).id));
    await editTable(join(root, 'v1.0-mini/sample_data.json'), (rows) => {
      for (const row of rows)
        if (sweepTokens.has(String(row.token))) {
          row.is_key_frame = false;
          row.sample_token = sweepTokens.get(String(row.token));
        }
    });
    await editTable(join(root, 'v1.0-mini/sample.json'), (rows) =>
      rows.filter((row) => !dropped.has(String(row.token))),
    );
    const dataset = await get(openNuScenes({ root }));
    expect(dataset.length).toBe(6);
    const times = (i: number, count: number) => dataset.frame(i).pastSweeps!(count).map((s) => s.timestamp);
    const at = (i: number) => all.frame(i).timestamp;
    expect(times(2, 10)).toEqual([5, 4, 3, 2, 1, 0].map(at));
    expect(times(1, 3)).toEqual([3, 2, 1].map(at));
    expect(times(3, 10)).toEqual([at(6)]);
    const frame = dataset.frame(2);
    const { points, pointsOfSweep } = await get(accumulateSweeps(frame.pastSweeps!(10), { minDistance: 0 }));
    expect(Array.from(pointsOfSweep)).toEqual([50, 50, 50, 50, 50, 50]);
    const older = all.frame(2);
    const expected = transformPoints(
      composePoses(invertPose(frame.globalFromLidar), older.globalFromLidar),
      (await get(older.points())).positions,
    );
    expect(deviation(points.positions.subarray(450, 600), expected)).toBeLessThan(1e-6);
  });
});

describeReal('the real nuScenes key frame', () => {
  it('loses the points on the car and nothing else', async () => {
    const frame = (await get(openNuScenes({ root: real('nuscenes') }))).frame(0);
    const { positions } = await get(frame.points());
    const { points, pointsOfSweep, pointInSweep } = await get(accumulateSweeps(frame.pastSweeps!(10)));
    expect(pointsOfSweep).toHaveLength(1);
    let close = 0;
    for (let i = 0; i < positions.length; i += 3)
      if (Math.max(Math.abs(positions[i]), Math.abs(positions[i + 1])) < 1) close++;
    expect(pointInSweep).toHaveLength(34_688 - close);
    pointInSweep.forEach((from, i) => {
      for (let k = 0; k < 3; k++) expect(points.positions[i * 3 + k] === positions[from * 3 + k]).toBe(true);
    });
    expect(points.timeOffset.every((t) => t === 0)).toBe(true);
  });
});
