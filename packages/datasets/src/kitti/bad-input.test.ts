import { mkdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { image } from '@nerfseg/geometry';
import { writePng } from '../images/write-image.js';
import { semanticKittiLabelSpace } from '../labels/semantic-kitti.js';
import { loadLabelled } from '../selection/load-labelled.js';
import {
  deviation,
  edit,
  editText,
  failure,
  get,
  sceneRecord,
  scratch,
} from '../testing/scene.test.helper.js';
import type { Frame } from '../types.js';
import { writeSemanticKitti } from '../write/write-kitti.js';
import { openScribbleKitti } from './open-scribble-kitti.js';
import { openSemanticKitti } from './open-semantic-kitti.js';

const classes = semanticKittiLabelSpace.names.length;

describe('bad SemanticKITTI input', () => {
  let root = '';
  const path = (...names: string[]): string => join(root, 'sequences/00', ...names);
  const frame = async (i = 0): Promise<Frame> => (await get(openSemanticKitti({ root }))).frame(i);
  beforeEach(async () => {
    root = await scratch();
    await get(writeSemanticKitti(root, [sceneRecord('00', 2, classes, ['image_2'])]));
  });

  it('truncated, oversized and empty scan', async () => {
    const scan = path('velodyne/000000.bin');
    await truncate(scan, 50 * 16 - 1);
    expect(await failure((await frame()).points())).toMatchObject({ code: 'truncated', source: scan });
    await truncate(scan, 50 * 16 + 4);
    expect(await failure((await frame()).points())).toMatchObject({ code: 'truncated', source: scan });
    await truncate(scan, 0);
    expect(await failure((await frame()).points())).toMatchObject({ code: 'empty', source: scan });
    expect(await failure(loadLabelled(await frame()))).toMatchObject({ code: 'empty', source: scan });
  });

  it('NaN in a scan', async () => {
    await edit(path('velodyne/000001.bin'), (bytes) => {
      bytes.setFloat32(49 * 16 + 12, Number.NaN, true);
    });
    expect(await failure((await frame(1)).points())).toMatchObject({
      code: 'malformed',
      source: path('velodyne/000001.bin'),
      field: 'point 49, intensity',
      found: 'NaN',
    });
  });

  it('labels that are too many, cut short or unknown', async () => {
    const labels = path('labels/000000.label');
    await truncate(labels, 51 * 4);
    expect(await failure((await frame()).labels())).toMatchObject({
      code: 'mismatch',
      source: labels,
      found: '51 labels',
    });
    await truncate(labels, 50 * 4 - 2);
    expect(await failure((await frame()).labels())).toMatchObject({ code: 'truncated', source: labels });
    await truncate(labels, 50 * 4);
    await edit(labels, (bytes) => {
      bytes.setUint32(5 * 4, (7 << 16) | 12, true);
    });
    expect(await failure((await frame()).labels())).toMatchObject({
      code: 'out-of-range',
      source: labels,
      field: 'label of point 5',
      found: 'raw id 12',
    });
  });

  it('calibration that is no rotation, has no Tr, or holds no numbers', async () => {
    const calib = path('calib.txt');
    await editText(calib, (text) => text.replace(/Tr:.*/, 'Tr: 1 0 0 0 0 2 0 0 0 0 1 0'));
    expect(await failure(openSemanticKitti({ root }))).toMatchObject({
      code: 'mismatch',
      source: `${calib}: Tr`,
      field: 'rotation',
    });
    await editText(calib, (text) => text.replace(/Tr:.*/, ''));
    expect(await failure(openSemanticKitti({ root }))).toMatchObject({ code: 'not-found', field: 'Tr' });
    await editText(calib, (text) => `${text}\nTr: 1 0 0 zero`);
    expect(await failure(openSemanticKitti({ root }))).toMatchObject({ code: 'malformed', found: "'zero'" });
    await rm(calib);
    expect(await failure(openSemanticKitti({ root }))).toMatchObject({ code: 'missing-file', source: calib });
  });

  it('too few times and poses', async () => {
    await writeFile(path('times.txt'), '0\n');
    expect(await failure(openSemanticKitti({ root }))).toMatchObject({
      code: 'not-found',
      source: path('times.txt'),
      field: 'row 1',
    });
    await writeFile(path('times.txt'), '0\n0.1\n');
    await editText(path('poses.txt'), (text) => text.split('\n')[0]);
    expect(await failure(openSemanticKitti({ root }))).toMatchObject({
      code: 'not-found',
      source: path('poses.txt'),
    });
    expect(await failure(openSemanticKitti({ root, poses: 'other.txt' }))).toMatchObject({
      code: 'missing-file',
      source: path('other.txt'),
    });
  });

  it('picture of another size, missing pictures', async () => {
    await get(writePng(path('image_2/000001.png'), image(30, 16)));
    expect(await failure((await frame(1)).cameras[0].image())).toMatchObject({
      code: 'mismatch',
      found: '30 x 16',
    });
    await rm(path('image_2/000001.png'));
    expect((await frame(1)).cameras).toEqual([]);
    expect(await failure(openSemanticKitti({ root, camera: 'image_3' }))).toMatchObject({
      code: 'missing-file',
      source: path('image_3'),
    });
  });

  it('folders and options', async () => {
    expect(await failure(openSemanticKitti({ root: join(root, 'nowhere') }))).toMatchObject({
      code: 'missing-file',
    });
    expect(await failure(openSemanticKitti({ root, split: 'val' }))).toMatchObject({
      code: 'empty',
      found: '00',
    });
    expect(await failure(openSemanticKitti({ root, sequences: ['00', '01'] }))).toMatchObject({
      code: 'missing-file',
      source: join(root, 'sequences/01/velodyne'),
    });
    expect(await failure(openSemanticKitti({ root, sequences: ['00', '00'] }))).toMatchObject({
      code: 'mismatch',
      field: 'sequences',
      found: '00 twice',
    });
    expect(await failure(openSemanticKitti({ root, labelsFolder: 'labels_other' }))).toMatchObject({
      code: 'missing-file',
      field: 'NN/labels_other',
    });
    expect(await get((await get(openScribbleKitti({ root }))).frame(0).labels())).toMatchObject({
      _tag: 'None',
    });
    const dataset = await get(openSemanticKitti({ root, split: 'train' }));
    for (const i of [-1, 2]) expect(() => dataset.frame(i)).toThrow(RangeError);
  });

  it('finds the folder of the odometry set, and poses beside it', async () => {
    const before = (await frame(1)).globalFromLidar;
    root = await scratch();
    await get(writeSemanticKitti(join(root, 'dataset'), [sceneRecord('00', 2, classes, ['image_2'])]));
    const sequences = join(root, 'dataset/sequences');
    await mkdir(join(root, 'dataset/poses'));
    await rename(join(sequences, '00/poses.txt'), join(root, 'dataset/poses/00.txt'));
    expect(deviation((await frame(1)).globalFromLidar, before)).toBe(0);
    await rm(join(root, 'dataset/poses/00.txt'));
    expect((await frame(1)).globalFromLidar[12]).toBe(0);
  });
});
