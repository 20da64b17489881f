import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { composePoses, invertPose, poseFromEuler } from '@nerfseg/geometry';
import { some } from 'fp-ts/lib/Option.js';
import { openScribbleKitti } from '../kitti/open-scribble-kitti.js';
import { openSemanticKitti } from '../kitti/open-semantic-kitti.js';
import { semanticKittiLabelSpace } from '../labels/semantic-kitti.js';
import {
  deviation,
  failure,
  frameRecord,
  get,
  numPoints,
  sceneRecord,
  scratch,
} from '../testing/scene.test.helper.js';
import { writeScribbleKitti, writeSemanticKitti } from './write-kitti.js';

const classes = semanticKittiLabelSpace.names.length;
const cameras = ['image_2', 'image_3'];

describe('writeSemanticKitti', () => {
  it('writes what openSemanticKitti reads back the same', async () => {
    const root = await scratch();
    const scenes = ['00', '08'].map((name) => sceneRecord(name, 3, classes, cameras));
    const [{ egoFromLidar }] = scenes;
    expect(await get(writeSemanticKitti(root, scenes))).toEqual({ scenes: 2, frames: 6 });
    for (const [c, camera] of (['image_2', 'image_3'] as const).entries()) {
      const dataset = await get(openSemanticKitti({ root, camera }));
      expect(dataset.length).toBe(6);
      const first = composePoses(frameRecord(0, classes, cameras).globalFromEgo, egoFromLidar);
      for (let i = 0; i < 6; i++) {
        const frame = dataset.frame(i);
        const record = frameRecord(i % 3, classes, cameras);
        expect(frame.id).toBe(`${i < 3 ? '00' : '08'}/00000${i % 3}`);
        expect(frame.timestamp).toBe((i % 3) * 500_000);
        const { positions, intensity } = record.points;
        expect(await get(frame.points())).toEqual({ positions, intensity });
        expect(await get(frame.labels())).toEqual(some(record.labels));
        const globalFromLidar = composePoses(record.globalFromEgo, egoFromLidar);
        expect(
          deviation(frame.globalFromLidar, composePoses(invertPose(first), globalFromLidar)),
        ).toBeLessThan(1e-9);
        const [view] = frame.cameras;
        const wanted = record.cameras[c];
        expect(view.name).toBe(camera);
        expect(view.intrinsics).toEqual(wanted.intrinsics);
        const mount = composePoses(invertPose(wanted.egoFromCamera), egoFromLidar);
        expect(deviation(view.cameraFromLidar, mount)).toBeLessThan(1e-9);
        expect((await get(view.image())).data).toEqual(wanted.image.data);
      }
    }
  });

  it('works without cameras', async () => {
    const root = await scratch();
    await get(writeSemanticKitti(root, [sceneRecord('00', 2, classes, [])]));
    const dataset = await get(openSemanticKitti({ root }));
    expect(dataset.frame(1).cameras).toEqual([]);
    expect(dataset.frame(1).globalFromLidar[12]).not.toBe(0);
  });

  it('keeps instances', async () => {
    const root = await scratch();
    const record = frameRecord(0, classes, []);
    const instances = Array.from({ length: numPoints }, (_, p) => (p % 3) * 32_767);
    const scene = sceneRecord('00', 0, classes, []);
    await get(writeSemanticKitti(root, [{ ...scene, frames: [{ ...record, instances }] }]));
    const frame = (await get(openSemanticKitti({ root }))).frame(0);
    expect(await get(frame.instances!())).toEqual(some(Uint16Array.from(instances)));
    expect(await get(frame.labels())).toEqual(some(record.labels));
    instances[7] = 65_536;
    expect(
      await failure(writeSemanticKitti(root, [{ ...scene, frames: [{ ...record, instances }] }])),
    ).toMatchObject({ code: 'out-of-range', field: 'instance of point 7', found: '65536' });
  });

  it('refuses what the format cannot hold', async () => {
    const root = await scratch();
    expect(
      await failure(
        writeSemanticKitti(root, [sceneRecord('00', 1, classes, []), sceneRecord('00', 1, classes, [])]),
      ),
    ).toMatchObject({ code: 'mismatch', found: '00 twice' });
    expect(await failure(writeSemanticKitti(root, [sceneRecord('town', 1, classes, [])]))).toMatchObject({
      code: 'malformed',
      field: 'scene name',
      found: 'town',
    });
    const record = frameRecord(0, classes, cameras);
    const turned = { ...record.cameras[1], egoFromCamera: poseFromEuler([1, 0, 1], 0.5) };
    const scene = { ...sceneRecord('00', 0, classes, []) };
    expect(
      await failure(
        writeSemanticKitti(root, [
          { ...scene, frames: [{ ...record, cameras: [record.cameras[0], turned] }] },
        ]),
      ),
    ).toMatchObject({ code: 'mismatch', field: 'image_3, egoFromCamera' });
    const named = { ...record, cameras: [{ ...record.cameras[0], name: 'CAM_FRONT' }] };
    expect(await failure(writeSemanticKitti(root, [{ ...scene, frames: [named] }]))).toMatchObject({
      code: 'malformed',
      found: 'CAM_FRONT',
    });
    const [left, right] = record.cameras;
    for (const [found, frames] of [
      ['image_2 twice', [{ ...record, cameras: [left, left] }]],
      ['image_3', [{ ...record, cameras: [left] }, record]],
      ['image_2', [{ ...record, cameras: [] }, record]],
    ] as const)
      expect(await failure(writeSemanticKitti(root, [{ ...scene, frames }]))).toMatchObject({
        code: 'mismatch',
        field: 'camera name',
        found,
      });
    await get(
      writeSemanticKitti(root, [{ ...scene, frames: [record, { ...record, cameras: [right] }, record] }]),
    );
  });
});

describe('writeScribbleKitti', () => {
  it('keeps scribbles for training and full labels for validation', async () => {
    const root = await scratch();
    await get(
      writeScribbleKitti(
        root,
        ['00', '08'].map((name) => sceneRecord(name, 2, classes, cameras)),
      ),
    );
    expect(await readdir(join(root, 'sequences/00'))).toContain('scribbles');
    expect(await readdir(join(root, 'sequences/00'))).not.toContain('labels');
    expect(await readdir(join(root, 'sequences/08'))).toContain('labels');
    const dataset = await get(openScribbleKitti({ root }));
    expect(dataset.name).toBe('ScribbleKITTI all');
    for (let i = 0; i < 4; i++)
      expect(await get(dataset.frame(i).labels())).toEqual(some(frameRecord(i % 2, classes, cameras).labels));
    const semantic = await get(openSemanticKitti({ root, split: 'train' }));
    expect(await get(semantic.frame(0).labels())).toMatchObject({ _tag: 'None' });
  });
});
