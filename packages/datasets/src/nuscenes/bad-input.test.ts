import { appendFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { formatError, image } from '@nerfseg/geometry';
import { writePng } from '../images/write-image.js';
import { nuscenesLabelSpace } from '../labels/nuscenes.js';
import { loadLabelled } from '../selection/load-labelled.js';
import { edit, editTable, failure, get, sceneRecord, scratch } from '../testing/scene.test.helper.js';
import type { Frame } from '../types.js';
import { writeNuScenes } from '../write/write-nuscenes.js';
import { openNuScenes } from './open-nuscenes.js';

const classes = nuscenesLabelSpace.names.length;

describe('bad nuScenes input', () => {
  let root = '';
  const table = (name: string): string => join(root, 'v1.0-mini', `${name}.json`);
  const fresh = async (): Promise<void> => {
    root = await scratch();
    await get(
      writeNuScenes(root, [sceneRecord('scene-0001', 2, classes, ['CAM_FRONT'])], { imageFormat: 'png' }),
    );
  };
  const frame = async (): Promise<Frame> => (await get(openNuScenes({ root }))).frame(0);
  const file = async (): Promise<{ sweep: string; labels: string }> => {
    const { lidarToken, sequence, timestamp } = await frame();
    return {
      sweep: join(root, `samples/LIDAR_TOP/nerfseg-${sequence}__LIDAR_TOP__${timestamp}.pcd.bin`),
      labels: join(root, `lidarseg/v1.0-mini/${lidarToken}_lidarseg.bin`),
    };
  };
  beforeAll(fresh);

  describe('in the files', () => {
    it('truncated sweep', async () => {
      await fresh();
      const { sweep } = await file();
      await truncate(sweep, 999);
      const error = await failure((await frame()).points());
      expect(error).toMatchObject({ code: 'truncated', source: sweep, field: 'size' });
      expect(formatError(error)).toContain(
        '999 bytes: 49 points and 19 bytes over, expected a multiple of 20',
      );
      expect(await failure((await frame()).labels())).toEqual(error);
    });

    it('oversized sweep', async () => {
      await fresh();
      const { sweep } = await file();
      await appendFile(sweep, new Uint8Array(3));
      expect(await failure((await frame()).points())).toMatchObject({ code: 'truncated', source: sweep });
    });

    it('sweep that is longer by whole points than its labels', async () => {
      await fresh();
      const { sweep, labels } = await file();
      await appendFile(sweep, new Uint8Array(40));
      const error = await failure((await frame()).labels());
      expect(error).toMatchObject({ code: 'mismatch', source: labels, found: '50 labels' });
      expect(error.expected).toContain('52');
      expect(await failure(loadLabelled(await frame()))).toEqual(error);
    });

    it('empty sweep', async () => {
      await fresh();
      const { sweep } = await file();
      await truncate(sweep, 0);
      expect(await failure((await frame()).points())).toMatchObject({ code: 'empty', source: sweep });
    });

    it.each([Number.NaN, Number.POSITIVE_INFINITY])('%d in a sweep', async (bad) => {
      await fresh();
      const { sweep } = await file();
      await edit(sweep, (bytes) => {
        bytes.setFloat32(7 * 20 + 4, bad, true);
      });
      expect(await failure((await frame()).points())).toMatchObject({
        code: 'malformed',
        source: sweep,
        field: 'point 7, y',
        found: String(bad),
      });
    });

    it('another record layout', async () => {
      await fresh();
      const { sweep } = await file();
      await edit(sweep, (bytes) => {
        bytes.setFloat32(3 * 20 + 16, 0.37, true);
      });
      expect(await failure((await frame()).points())).toMatchObject({
        code: 'malformed',
        field: 'point 3, ring',
      });
    });

    it('unknown raw label', async () => {
      await fresh();
      const { labels } = await file();
      await edit(labels, (bytes) => bytes.setUint8(4, 99));
      expect(await failure((await frame()).labels())).toMatchObject({
        code: 'out-of-range',
        source: labels,
        field: 'label of point 4',
        found: 'raw id 99',
      });
    });

    it('missing sweep, labels, picture', async () => {
      await fresh();
      const { sweep, labels } = await file();
      const [camera] = (await frame()).cameras;
      for (const path of [sweep, labels, camera.imagePath]) await rm(path);
      const broken = await frame();
      expect(await failure(broken.points())).toMatchObject({ code: 'missing-file', source: sweep });
      expect(await failure(broken.labels())).toMatchObject({ code: 'missing-file', source: labels });
      expect(await failure(camera.image())).toMatchObject({
        code: 'missing-file',
        source: camera.imagePath,
      });
    });

    it('picture of another size, and a damaged one', async () => {
      await fresh();
      const [camera] = (await frame()).cameras;
      await get(writePng(camera.imagePath, image(25, 16)));
      expect(await failure(camera.image())).toMatchObject({
        code: 'mismatch',
        source: camera.imagePath,
        found: '25 x 16',
        expected: expect.stringContaining('24 x 16'),
      });
      await truncate(camera.imagePath, 60);
      expect(await failure(camera.image())).toMatchObject({ code: 'unreadable', source: camera.imagePath });
    });
  });

  describe('in the tables', () => {
    it.each(['sensor', 'calibrated_sensor', 'scene', 'sample', 'sample_data', 'ego_pose', 'category'])(
      'missing table %s',
      async (name) => {
        await fresh();
        await rm(table(name));
        expect(await failure(openNuScenes({ root }))).toMatchObject({
          code: 'missing-file',
          source: table(name),
        });
      },
    );

    it('missing lidarseg: no labels, no error', async () => {
      await fresh();
      await rm(table('lidarseg'));
      expect(await get((await frame()).labels())).toMatchObject({ _tag: 'None' });
    });

    it.each([
      ['ego_pose', 0, 'not-found', 'ego_pose'],
      ['sample_data', 0, 'not-found', 'sample_data'],
      ['sensor', 0, 'not-found', 'calibrated_sensor'],
    ])('missing row in %s', async (name, row, code, told) => {
      await fresh();
      let token: unknown;
      await editTable(table(name), (rows) => {
        token = name === 'sample_data' ? rows[row].sample_token : rows[row].token;
        return rows.toSpliced(row, 1);
      });
      const error = await failure(openNuScenes({ root }));
      expect(error).toMatchObject({ code, source: table(told) });
      expect(error.field + error.found).toContain(String(token));
    });

    it('missing field and wrong type', async () => {
      await fresh();
      let token: unknown;
      await editTable(table('sample_data'), (rows) => {
        token = rows[1].token;
        rows[1].timestamp = 'yesterday';
      });
      expect(await failure(openNuScenes({ root }))).toMatchObject({
        code: 'malformed',
        source: table('sample_data'),
        field: `token ${String(token)}, timestamp`,
        found: '"yesterday"',
      });
      await fresh();
      await editTable(table('scene'), (rows) => {
        delete rows[0].name;
      });
      expect(await failure(openNuScenes({ root }))).toMatchObject({
        source: table('scene'),
        field: expect.stringMatching(/^token \w+, name$/),
        found: 'nothing',
      });
    });

    it.each(['calibrated_sensor', 'ego_pose'])('rotation in %s that is none', async (name) => {
      await fresh();
      let token: unknown;
      await editTable(table(name), (rows) => {
        token = rows[1].token;
        rows[1].rotation = [1, 1, 0, 0];
      });
      const error = await failure(openNuScenes({ root }));
      expect(error).toMatchObject({ code: 'mismatch', field: 'rotation' });
      expect(error.source).toBe(`${table(name)}: token ${String(token)}`);
    });

    it('intrinsics that are none', async () => {
      await fresh();
      await editTable(table('calibrated_sensor'), (rows) => {
        rows[1].camera_intrinsic = [
          [-5, 0, 1],
          [0, 5, 1],
          [0, 0, 1],
        ];
      });
      expect(await failure(openNuScenes({ root }))).toMatchObject({ code: 'malformed', field: 'intrinsics' });
    });

    it('category that is none', async () => {
      await fresh();
      await editTable(table('category'), (rows) => {
        rows[3].name = 'vehicle.hovercraft';
      });
      expect(await failure(openNuScenes({ root }))).toMatchObject({
        code: 'out-of-range',
        source: table('category'),
        found: 'vehicle.hovercraft',
      });
    });
  });

  describe('in the options', () => {
    it('root, version, split, scene', async () => {
      await fresh();
      expect(await failure(openNuScenes({ root: join(root, 'nowhere') }))).toMatchObject({
        code: 'missing-file',
      });
      expect(await failure(openNuScenes({ root: join(root, 'samples') }))).toMatchObject({
        code: 'not-found',
        field: 'version',
      });
      expect(await failure(openNuScenes({ root, version: 'v9' }))).toMatchObject({ code: 'missing-file' });
      expect(await failure(openNuScenes({ root, split: 'val' }))).toMatchObject({ code: 'empty' });
      expect(await failure(openNuScenes({ root, scenes: ['scene-0002'] }))).toMatchObject({
        code: 'not-found',
        found: 'scene-0002',
      });
      expect((await get(openNuScenes({ root, split: 'train', scenes: ['scene-0001'] }))).length).toBe(2);
    });

    it('throws a RangeError for a frame that is not there', async () => {
      const dataset = await get(openNuScenes({ root }));
      for (const i of [-1, 2, 0.5]) expect(() => dataset.frame(i)).toThrow(RangeError);
    });
  });
});
