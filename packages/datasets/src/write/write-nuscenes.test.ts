import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cameraFromLidarChain, composePoses, identityPose, image, invertPose } from '@nerfseg/geometry';
import { some } from 'fp-ts/lib/Option.js';
import { nuscenesLabelSpace } from '../labels/nuscenes.js';
import { openNuScenes } from '../nuscenes/open-nuscenes.js';
import {
  deviation,
  failure,
  frameRecord,
  get,
  height,
  numPoints,
  sceneRecord,
  scratch,
  width,
} from '../testing/scene.test.helper.js';
import { writeSemanticKitti } from './write-kitti.js';
import { writeNuScenes } from './write-nuscenes.js';

const classes = nuscenesLabelSpace.names.length;
const cameras = ['CAM_FRONT', 'CAM_BACK'];

describe('writeNuScenes', () => {
  it('writes what openNuScenes reads back the same', async () => {
    const root = await scratch();
    const scenes = ['scene-0001', 'scene-0003'].map((name) => sceneRecord(name, 3, classes, cameras));
    const [{ egoFromLidar }] = scenes;
    expect(await get(writeNuScenes(root, scenes, { imageFormat: 'png' }))).toEqual({ scenes: 2, frames: 6 });
    const dataset = await get(openNuScenes({ root }));
    expect(dataset.length).toBe(6);
    expect(dataset.labelSpace).toBe(nuscenesLabelSpace);
    for (let i = 0; i < 6; i++) {
      const frame = dataset.frame(i);
      const record = frameRecord(i % 3, classes, cameras);
      expect(frame.sequence).toBe(i < 3 ? 'scene-0001' : 'scene-0003');
      expect(frame.timestamp).toBe(record.timestamp);
      expect(await get(frame.points())).toEqual(record.points);
      expect(await get(frame.labels())).toEqual(some(record.labels));
      const globalFromLidar = composePoses(record.globalFromEgo, egoFromLidar);
      expect(deviation(frame.globalFromLidar, globalFromLidar)).toBeLessThan(1e-9);
      expect(frame.cameras.map((c) => c.name)).toEqual(cameras);
      for (const [c, view] of frame.cameras.entries()) {
        const wanted = record.cameras[c];
        expect([view.width, view.height, view.timestamp]).toEqual([width, height, wanted.timestamp]);
        expect(view.intrinsics).toEqual(wanted.intrinsics);
        const chain = cameraFromLidarChain({
          egoFromCamera: wanted.egoFromCamera,
          globalFromEgoAtCamera: wanted.globalFromEgoAtCamera,
          globalFromEgoAtLidar: record.globalFromEgo,
          egoFromLidar,
        });
        expect(deviation(view.cameraFromLidar, chain)).toBeLessThan(1e-9);
        const mount = composePoses(invertPose(wanted.egoFromCamera), egoFromLidar);
        expect(deviation(view.cameraFromLidarMount, mount)).toBeLessThan(1e-9);
        expect((await get(view.image())).data).toEqual(wanted.image.data);
      }
    }
  });

  it('follows the official schema: every table, every link', async () => {
    const root = await scratch();
    await get(writeNuScenes(root, [sceneRecord('scene-0001', 3, classes, cameras)]));
    const table = async (name: string): Promise<Record<string, unknown>[]> =>
      JSON.parse(await readFile(join(root, 'v1.0-mini', `${name}.json`), 'utf8'));
    expect((await readdir(join(root, 'v1.0-mini'))).map((name) => name.replace('.json', ''))).toEqual([
      'attribute',
      'calibrated_sensor',
      'category',
      'ego_pose',
      'instance',
      'lidarseg',
      'log',
      'map',
      'sample',
      'sample_annotation',
      'sample_data',
      'scene',
      'sensor',
      'visibility',
    ]);
    const tokens = async (name: string) => new Set((await table(name)).map((row) => row.token));
    const [scenes, samples, readings, sensors, calibrations, poses] = await Promise.all(
      ['scene', 'sample', 'sample_data', 'sensor', 'calibrated_sensor', 'ego_pose'].map(tokens),
    );
    expect([scenes.size, samples.size, readings.size, sensors.size, calibrations.size, poses.size]).toEqual([
      1, 3, 9, 3, 3, 9,
    ]);
    for (const row of await table('sample_data')) {
      expect(row.token).toMatch(/^[0-9a-f]{32}$/);
      expect(samples.has(row.sample_token)).toBe(true);
      expect(poses.has(row.ego_pose_token)).toBe(true);
      expect(calibrations.has(row.calibrated_sensor_token)).toBe(true);
      await readFile(join(root, String(row.filename)));
    }
    for (const row of await table('calibrated_sensor')) expect(sensors.has(row.sensor_token)).toBe(true);
    for (const name of ['sample', 'sample_data']) {
      const rows = new Map((await table(name)).map((row) => [row.token, row]));
      let [first, last] = [0, 0];
      for (const row of rows.values()) {
        if (row.prev === '') first++;
        else expect(rows.get(row.prev)?.next).toBe(row.token);
        if (row.next === '') last++;
        else expect(rows.get(row.next)?.prev).toBe(row.token);
      }
      expect([first, last]).toEqual(name === 'sample' ? [1, 1] : [3, 3]);
    }
    const [scene] = await table('scene');
    const all = await table('sample');
    expect(scene).toMatchObject({
      nbr_samples: 3,
      first_sample_token: all[0].token,
      last_sample_token: all[2].token,
    });
    const [map] = await table('map');
    expect(map.log_tokens).toEqual([...(await tokens('log'))]);
    await readFile(join(root, String(map.filename)));
    for (const row of await table('lidarseg'))
      expect(await readFile(join(root, String(row.filename)))).toHaveLength(numPoints);
  });

  it('writes the same bytes for the same input and other tokens for another seed', async () => {
    const [a, b, c] = [await scratch(), await scratch(), await scratch()];
    const write = (root: string, seed: string) =>
      get(writeNuScenes(root, [sceneRecord('scene-0001', 2, classes, cameras)], { seed }));
    await write(a, 'one');
    await write(b, 'one');
    await write(c, 'two');
    const files = async (root: string) =>
      Promise.all(
        (await readdir(root, { recursive: true, withFileTypes: true }))
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .sort()
          .map(async (path) => [path.slice(root.length), await readFile(path, 'base64')]),
      );
    expect(await files(a)).toEqual(await files(b));
    expect(await files(a)).not.toEqual(await files(c));
    expect((await get(openNuScenes({ root: a }))).frame(0).id).not.toBe(
      (await get(openNuScenes({ root: c }))).frame(0).id,
    );
  });

  it('leaves unlabelled frames without labels', async () => {
    const root = await scratch();
    const { labels: _, ...unlabelled } = frameRecord(0, classes, []);
    const scene = { ...sceneRecord('scene-0001', 0, classes, []), frames: [unlabelled] };
    await get(writeNuScenes(root, [scene]));
    const dataset = await get(openNuScenes({ root }));
    expect(await get(dataset.frame(0).labels())).toMatchObject({ _tag: 'None' });
    expect(dataset.frame(0).cameras).toEqual([]);
    // The devkit reads the labels' folder wherever their table is.
    expect(await readdir(join(root, 'v1.0-mini'))).not.toContain('lidarseg.json');
  });

  it('refuses records that could not be read again', async () => {
    const root = await scratch();
    const record = frameRecord(0, classes, cameras);
    const writing = (change: object) => () =>
      writeNuScenes(root, [{ ...sceneRecord('s', 0, classes, []), frames: [{ ...record, ...change }] }])();
    await expect(writing({ labels: new Uint8Array(3) })).rejects.toThrow(/3 labels for 50 points/);
    await expect(writing({ labels: new Uint8Array(numPoints).fill(17) })).rejects.toThrow(/17 classes/);
    await expect(
      writing({ points: { positions: new Float32Array(0), intensity: new Float32Array(0) } }),
    ).rejects.toThrow(/no point/);
    await expect(writing({ cameras: [{ ...record.cameras[0], width: 5 }] })).rejects.toThrow(/CAM_FRONT/);
    const [camera] = record.cameras;
    for (const k of [Float64Array.of(Number.NaN, 0, 12, 0, 20, 8, 0, 0, 1), new Float64Array(9)])
      await expect(writing({ cameras: [{ ...camera, intrinsics: k }] })).rejects.toThrow(
        /CAM_FRONT: intrinsics/,
      );
    const twice = identityPose().map((value, i) => (i < 15 ? 2 * value : value));
    const mirror = identityPose().map((value, i) => (i === 0 ? -value : value));
    for (const pose of [twice, mirror, new Float64Array(16).fill(Number.NaN), new Float64Array(12)]) {
      await expect(writing({ globalFromEgo: pose })).rejects.toThrow(/globalFromEgo is no rigid/);
      await expect(writing({ cameras: [{ ...camera, egoFromCamera: pose }] })).rejects.toThrow(/CAM_FRONT's/);
      const scene = { ...sceneRecord('s', 1, classes, []), egoFromLidar: pose };
      await expect(writeNuScenes(root, [scene])()).rejects.toThrow(/egoFromLidar/);
    }
    expect(await readdir(root)).toEqual([]);
  });

  it('refuses a scene, or a reading, whose files would come over those of another', async () => {
    const root = await scratch();
    const scene = sceneRecord('scene-0001', 0, classes, []);
    const frame = frameRecord(0, classes, ['CAM_FRONT']);
    expect(await failure(writeNuScenes(root, [{ ...scene, frames: [frame] }, scene]))).toMatchObject({
      code: 'mismatch',
      field: 'scene name',
      found: 'scene-0001 twice',
    });
    const cameras = [frame.cameras[0], frame.cameras[0]];
    const scanner = [{ ...frame.cameras[0], name: 'LIDAR_TOP' }];
    for (const frames of [
      [frame, { ...frame, cameras: [] }],
      [{ ...frame, cameras }],
      [{ ...frame, cameras: scanner }],
    ])
      expect(await failure(writeNuScenes(root, [{ ...scene, frames }]))).toMatchObject({
        code: 'mismatch',
        field: 'sensor and time',
      });
    // Frames may share a picture, but not its name alone.
    const [camera] = frame.cameras;
    const later = { ...frameRecord(1, classes, []), cameras: [camera] };
    await get(writeNuScenes(root, [{ ...scene, frames: [frame, later] }]));
    const other = { ...later, cameras: [{ ...camera, image: image(24, 16) }] };
    expect(await failure(writeNuScenes(root, [{ ...scene, frames: [frame, other] }]))).toMatchObject({
      code: 'mismatch',
      field: `CAM_FRONT at ${camera.timestamp}`,
    });
  });

  it('leaves nothing under way where a file cannot be written', async () => {
    for (const [write, name, blocked] of [
      [writeNuScenes, 'scene-0001', 'samples/CAM_FRONT'],
      [writeSemanticKitti, '00', 'sequences/00/image_2'],
    ] as const) {
      const root = await scratch();
      await mkdir(dirname(join(root, blocked)), { recursive: true });
      await writeFile(join(root, blocked), '');
      const scene = sceneRecord(name, 0, classes, []);
      const frame = frameRecord(0, classes, [blocked.split('/').at(-1)!]);
      const count = 400_000;
      const points = { positions: new Float32Array(count * 3), intensity: new Float32Array(count) };
      const large = { ...frame, points, labels: new Uint8Array(count) };
      expect((await failure(write(root, [{ ...scene, frames: [large] }]))).code).toBe('unavailable');
      const names = (await readdir(root, { recursive: true })).map(String);
      expect(names.filter((file) => file.endsWith('.part'))).toEqual([]);
      expect(names.some((file) => file.endsWith('.bin'))).toBe(true);
    }
  });

  it('tells that the folder cannot be written', async () => {
    const root = join(await scratch(), 'file');
    await writeFile(root, '');
    const error = await failure(writeNuScenes(root, [sceneRecord('scene-0001', 1, classes, cameras)]));
    expect(error.code).toBe('unavailable');
  });
});
