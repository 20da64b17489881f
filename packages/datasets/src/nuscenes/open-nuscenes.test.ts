import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { nuscenesCategories, nuscenesLabelSpace } from '../labels/nuscenes.js';
import { editTable, frameRecord, get, sceneRecord, scratch } from '../testing/scene.test.helper.js';
import { writeNuScenes } from '../write/write-nuscenes.js';
import { openNuScenes } from './open-nuscenes.js';

const classes = nuscenesLabelSpace.names.length;
const cameras = ['CAM_BACK', 'CAM_SIDE', 'CAM_FRONT'];

const written = async (): Promise<string> => {
  const root = await scratch();
  await get(writeNuScenes(root, [sceneRecord('scene-0001', 4, classes, cameras)]));
  return root;
};

describe('openNuScenes', () => {
  it('lists cameras in the official order, others after them', async () => {
    const dataset = await get(openNuScenes({ root: await written() }));
    expect(dataset.frame(0).cameras.map((c) => c.name)).toEqual(['CAM_FRONT', 'CAM_BACK', 'CAM_SIDE']);
  });

  it('finds the version beside its archive', async () => {
    const root = await scratch();
    await get(writeNuScenes(root, [sceneRecord('scene-0001', 1, 17, [])]));
    await writeFile(join(root, 'v1.0-mini.tgz'), 'an archive');
    expect(await get(openNuScenes({ root }))).toMatchObject({ length: 1 });
  });

  it('orders frames by time, whatever the order of the rows', async () => {
    const root = await written();
    const ids = async () => {
      const dataset = await get(openNuScenes({ root }));
      return Array.from({ length: dataset.length }, (_, i) => dataset.frame(i).id);
    };
    const before = await ids();
    for (const name of ['sample', 'sample_data', 'ego_pose'])
      await editTable(join(root, 'v1.0-mini', `${name}.json`), (rows) => rows.reverse());
    expect(await ids()).toEqual(before);
  });

  it('leaves sweeps between key frames out, or pairs them with the nearest pictures', async () => {
    const root = await written();
    const sweeps: unknown[] = [];
    await editTable(join(root, 'v1.0-mini/sample_data.json'), (rows) => {
      for (const row of rows)
        if (row.timestamp === frameRecord(1, classes, []).timestamp) {
          row.is_key_frame = false;
          sweeps.push(row.token);
          // What is between key frames points to the sample that follows.
          row.sample_token = rows.find(
            (r) => r.timestamp === frameRecord(2, classes, []).timestamp,
          )?.sample_token;
        }
    });
    await editTable(join(root, 'v1.0-mini/sample.json'), (rows) => rows.toSpliced(1, 1));
    const keyframes = await get(openNuScenes({ root }));
    expect(keyframes.length).toBe(3);
    const all = await get(openNuScenes({ root, keyframesOnly: false }));
    expect(all.length).toBe(4);
    expect(sweeps).toEqual([all.frame(1).id]);
    expect([0, 2, 3].map((i) => all.frame(i).id)).toEqual([0, 1, 2].map((i) => keyframes.frame(i).id));
    // The pictures of frame 1 lost their sample, so the nearest are 10 ms and more before the next key frame's sweep.
    for (const { name, timestamp } of all.frame(1).cameras)
      expect([0, 2].flatMap((i) => frameRecord(i, classes, cameras).cameras)).toContainEqual(
        expect.objectContaining({ name, timestamp }),
      );
  });

  it('honours the numbering of category.json', async () => {
    const root = await written();
    const labels = async () => (await get((await get(openNuScenes({ root }))).frame(0).labels())) as unknown;
    await editTable(join(root, 'v1.0-mini/category.json'), (rows) => {
      for (const row of rows) row.index = nuscenesCategories.length - 1 - Number(row.index);
    });
    const { value } = (await labels()) as { value: Uint8Array };
    const rawOf = [0, 9, 14, 16, 17, 18, 21, 2, 12, 22, 23, 24, 25, 26, 27, 28, 30];
    frameRecord(0, classes, []).labels!.forEach((label, i) => {
      const [, className] = nuscenesCategories[31 - rawOf[label]];
      expect(nuscenesLabelSpace.names[value[i]]).toBe(className);
    });
    await editTable(join(root, 'v1.0-mini/category.json'), (rows) => {
      for (const row of rows) delete row.index;
    });
    expect(await labels()).toMatchObject({ value: frameRecord(0, classes, []).labels });
  });
});
