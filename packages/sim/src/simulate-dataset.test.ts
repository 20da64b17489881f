import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type FrameDataset,
  openNuScenes,
  openScribbleKitti,
  openSemanticKitti,
  readImage,
} from '@nerfseg/datasets';
import { type DataError, projectPoints } from '@nerfseg/geometry';
import { type Option, toNullable } from 'fp-ts/lib/Option.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { type GroundTruth, readGroundTruth } from './ground-truth.js';
import { kittiCameras } from './sensors/presets.js';
import { type SimulateDatasetOptions, simulateDataset } from './simulate-dataset.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nerfseg-sim-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const get = async <A>(task: TaskEither<DataError, A>): Promise<A> => {
  const result = await task();
  if (result._tag === 'Left') throw new Error(JSON.stringify(result.left));
  return result.right;
};

const small: Omit<SimulateDatasetOptions, 'root' | 'format'> = {
  seed: 11,
  scenes: { train: 1, val: 1 },
  framesPerScene: 1,
  lidar: { azimuthSteps: 360 },
  imageSize: { width: 240, height: 135 },
  supersampling: 0,
};

/** Whether the truth is one class over the 3 x 3 pixels around (u, v). */
const inside = (truth: GroundTruth, u: number, v: number): boolean => {
  const at = Math.floor(v) * truth.width + Math.floor(u);
  const { width, classes } = truth;
  if (u < 1 || v < 1 || u >= width - 1 || v >= truth.height - 1) return false;
  return [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1].every(
    (step) => classes[at + step] === classes[at],
  );
};

/** Projects the labelled points into every picture and compares them with its truth. */
const agreement = async (
  root: string,
  dataset: FrameDataset,
): Promise<{ agree: number; compared: number; depthErrors: number[] }> => {
  let agree = 0;
  let compared = 0;
  const depthErrors: number[] = [];
  for (let i = 0; i < dataset.length; i++) {
    const frame = dataset.frame(i);
    const points = await get(frame.points());
    const labels: Option<Uint8Array> = await get(frame.labels());
    const known = toNullable(labels);
    if (!known) throw new Error('labels are missing');
    for (const camera of frame.cameras) {
      const truth = await get(
        readGroundTruth(root, { sequence: frame.sequence, camera: camera.name, timestamp: camera.timestamp }),
      );
      const image = await get(readImage(camera.imagePath));
      expect(image.shape).toEqual([truth.height, truth.width, 3]);
      const projected = projectPoints(points.positions, camera.cameraFromLidar, camera);
      for (let p = 0; p < known.length; p++) {
        const [u, v] = [projected.u[p], projected.v[p]];
        if (!projected.visible[p] || !inside(truth, u, v)) continue;
        const at = Math.floor(v) * truth.width + Math.floor(u);
        const error = projected.depth[p] - truth.depth[at];
        // What the camera sees in front of the point hides it: parallax, not error.
        if (error > 0.5 + 0.05 * projected.depth[p]) continue;
        compared++;
        depthErrors.push(Math.abs(error) / projected.depth[p]);
        if (truth.classes[at] === known[p]) agree++;
      }
    }
  }
  return { agree, compared, depthErrors };
};

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];

describe('simulateDataset', () => {
  it('writes nuScenes whose calibration, times and classes hold end to end', async () => {
    const root = join(folder, 'nuscenes');
    const progress: number[] = [];
    const summary = await get(
      simulateDataset({ ...small, root, format: 'nuscenes', onProgress: ({ done }) => progress.push(done) }),
    );
    expect(progress).toEqual([1, 2]);
    expect(summary.frames).toBe(2);
    expect(summary.pointsOfClass.reduce((a, b) => a + b, 0)).toBe(summary.points);
    const train = await get(openNuScenes({ root, split: 'train' }));
    const val = await get(openNuScenes({ root, split: 'val' }));
    expect([train.length, val.length]).toEqual([1, 1]);
    const { agree, compared, depthErrors } = await agreement(root, await get(openNuScenes({ root })));
    expect(compared).toBeGreaterThan(3000);
    expect(agree / compared).toBeGreaterThan(0.95);
    expect(median(depthErrors)).toBeLessThan(0.01);

    const again = await get(simulateDataset({ ...small, root, format: 'nuscenes' }));
    expect(again).toEqual({ ...summary, reused: true });
    const other = await simulateDataset({ ...small, seed: 12, root, format: 'nuscenes' })();
    expect(other).toMatchObject({ _tag: 'Left', left: { code: 'mismatch' } });
  });

  it('writes SemanticKITTI whose calibration and classes hold end to end', async () => {
    const root = join(folder, 'kitti');
    const cameras = ['image_2', 'image_3'];
    await get(
      simulateDataset({ ...small, scenes: { train: 2, val: 2 }, root, format: 'semantickitti', cameras }),
    );
    const train = await get(openSemanticKitti({ root, split: 'train' }));
    const val = await get(openSemanticKitti({ root, split: 'val' }));
    expect([train.length, val.length]).toEqual([2, 2]);
    const { agree, compared, depthErrors } = await agreement(root, train);
    expect(compared).toBeGreaterThan(1000);
    expect(agree / compared).toBeGreaterThan(0.95);
    expect(median(depthErrors)).toBeLessThan(0.01);
  });

  it('keeps the truth of a picture by the one time that KITTI frames have, whenever its camera fires', async () => {
    const root = join(folder, 'late');
    const [{ name, translation, yaw, focal, center, nativeSize }] = kittiCameras;
    const late = { name, yaw, focal, fires: 0.04 };
    await get(
      simulateDataset({
        ...small,
        scenes: { train: 1, val: 0 },
        root,
        format: 'semantickitti',
        cameras: [
          {
            ...late,
            translation: [...translation],
            center: [...center],
            nativeSize: [...nativeSize],
          },
        ],
      }),
    );
    const { compared } = await agreement(root, await get(openSemanticKitti({ root, split: 'train' })));
    expect(compared).toBeGreaterThan(300);
  });

  it('writes ScribbleKITTI with sparse training and full validation labels', async () => {
    const root = join(folder, 'scribble');
    await get(simulateDataset({ ...small, root, format: 'scribblekitti' }));
    const share = async (split: 'train' | 'val'): Promise<number> => {
      const dataset = await get(openScribbleKitti({ root, split }));
      const labels = toNullable(await get(dataset.frame(0).labels()));
      if (!labels) throw new Error('labels are missing');
      return labels.filter((label) => label > 0).length / labels.length;
    };
    const train = await share('train');
    expect(train).toBeGreaterThan(0.05);
    expect(train).toBeLessThan(0.12);
    expect(await share('val')).toBeGreaterThan(0.9);
  });

  it('takes a name that ends in a slash, and a link to an empty folder', async () => {
    const one = { ...small, scenes: { train: 1, val: 0 }, framesPerScene: 1, format: 'nuscenes' as const };
    const target = await mkdtemp(join(folder, 'target-'));
    await symlink(target, join(folder, 'link'));
    for (const root of [`${join(folder, 'slash')}/`, join(folder, 'link')]) {
      expect(await get(simulateDataset({ ...one, root }))).toMatchObject({ root, frames: 1, reused: false });
      expect(await get(openNuScenes({ root }))).toMatchObject({ length: 1 });
      expect(await get(simulateDataset({ ...one, root }))).toMatchObject({ root, reused: true });
    }
    expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual([]);
    const root = join(folder, 'file');
    await writeFile(root, '');
    expect(await simulateDataset({ ...one, root })()).toMatchObject({
      left: { code: 'mismatch', found: 'a file' },
    });
    await symlink(join(folder, 'nowhere'), join(folder, 'dangling'));
    expect(await simulateDataset({ ...one, root: join(folder, 'dangling') })()).toMatchObject({
      left: { code: 'mismatch', found: 'a link to nothing' },
    });
  });

  it('tells of a LiDAR that sees nothing', async () => {
    const result = await simulateDataset({
      ...small,
      root: join(folder, 'blind'),
      format: 'nuscenes',
      lidar: { elevations: [1.2], azimuthSteps: 8 },
      cameras: [],
    })();
    expect(result).toMatchObject({
      left: { code: 'empty', field: 'lidar', found: 'a sweep of scene-0001 in which nothing came back' },
    });
  });

  it('touches no folder that holds something else', async () => {
    const root = await mkdtemp(join(folder, 'occupied-'));
    await writeFile(join(root, 'thesis.txt'), 'do not lose');
    const result = await simulateDataset({ ...small, root, format: 'nuscenes' })();
    expect(result).toMatchObject({ _tag: 'Left', left: { code: 'mismatch', source: root } });
    expect(await readdir(root)).toEqual(['thesis.txt']);
    await writeFile(join(root, 'simulation.json'), '{ damaged');
    const damaged = await simulateDataset({ ...small, root, format: 'nuscenes' })();
    expect(damaged).toMatchObject({ _tag: 'Left', left: { code: 'mismatch' } });
  });
});

describe('readGroundTruth', () => {
  it('names a file that is missing', async () => {
    const result = await readGroundTruth(folder, { sequence: 'none', camera: 'CAM_FRONT', timestamp: 1 })();
    expect(result).toMatchObject({ _tag: 'Left', left: { code: 'missing-file' } });
  });
});
