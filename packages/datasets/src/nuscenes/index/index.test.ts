import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { editTable, failure, get, sceneRecord, scratch } from '../../testing/scene.test.helper.js';
import type { FrameDataset } from '../../types.js';
import { writeNuScenes } from '../../write/write-nuscenes.js';
import { openNuScenes } from '../open-nuscenes.js';

const written = async (): Promise<string> => {
  const root = await scratch();
  await get(
    writeNuScenes(
      root,
      ['scene-0001', 'scene-0003'].map((name) => sceneRecord(name, 3, 17, ['CAM_FRONT', 'CAM_BACK'])),
    ),
  );
  return root;
};
const indexOf = (root: string): string => join(root, 'v1.0-mini/.nerfseg-index');
const table = (root: string, name: string): string => join(root, `v1.0-mini/${name}.json`);

/** All that a data set says of its frames without a file being read. */
const told = (dataset: FrameDataset): unknown =>
  Array.from({ length: dataset.length }, (_, i) => {
    const { id, sequence, timestamp, lidarToken, globalFromLidar, cameras } = dataset.frame(i);
    return [
      [id, sequence, timestamp, lidarToken, ...globalFromLidar],
      ...cameras.map((c) => [
        c.name,
        c.imagePath,
        c.width,
        c.height,
        c.timestamp,
        ...c.intrinsics,
        ...c.cameraFromLidar,
      ]),
    ];
  });
/** Opens on disk; whether tables were read. */
const open = async (root: string, indexFolder?: string): Promise<{ told: unknown; read: boolean }> => {
  let read = false;
  const dataset = await get(
    openNuScenes({
      root,
      index: 'disk',
      onProgress: () => (read = true),
      ...(indexFolder ? { indexFolder } : {}),
    }),
  );
  return { told: told(dataset), read };
};

describe('the index of nuScenes tables', () => {
  it('is read in place of the tables and says the same', async () => {
    const root = await written();
    const inMemory = told(await get(openNuScenes({ root })));
    expect(existsSync(indexOf(root))).toBe(false);
    expect(await open(root)).toEqual({ told: inMemory, read: true });
    expect(await open(root)).toEqual({ told: inMemory, read: false });
    const val = await get(openNuScenes({ root, index: 'disk', split: 'val' }));
    expect([val.length, val.frame(0).sequence]).toEqual([3, 'scene-0003']);
  });

  it('is made anew when a table was changed, even to the same size and time', async () => {
    const root = await written();
    await open(root);
    await editTable(table(root, 'sample_data'), (rows) => {
      for (const row of rows) row.timestamp = Number(row.timestamp) + 1;
    });
    expect((await open(root)).read).toBe(true);
    const { atime, mtime } = await stat(table(root, 'scene'));
    await writeFile(
      table(root, 'scene'),
      (await readFile(table(root, 'scene'), 'utf8')).replace('scene-0003', 'scene-0012'),
    );
    await utimes(table(root, 'scene'), atime, mtime);
    const reopened = await open(root);
    expect(reopened.read).toBe(true);
    expect(JSON.stringify(reopened.told)).toContain('scene-0012');
    expect((await open(root)).read).toBe(false);
  });

  it('is made anew when it is damaged anywhere', async () => {
    const root = await written();
    const { told: right } = await open(root);
    const whole = await readFile(indexOf(root));
    for (let at = 0; at < whole.length; at += 389) {
      const damaged = Uint8Array.from(whole);
      damaged[at] ^= 16;
      await writeFile(indexOf(root), damaged);
      // Bytes between parts and parts that are not wanted are not read: damage there is none.
      expect((await open(root)).told).toEqual(right);
    }
    for (const length of [0, 7, 15, 16, 100, whole.length >> 1, whole.length - 40]) {
      await writeFile(indexOf(root), Uint8Array.from(whole.subarray(0, length)));
      expect(await open(root)).toEqual({ told: right, read: true });
    }
  });

  it('goes to the cache folder where it cannot be beside the tables, or to none', async () => {
    const root = await written();
    const cache = await scratch();
    // A folder in the index's place cannot be overwritten, not even by root.
    await mkdir(join(indexOf(root), 'x'), { recursive: true });
    const { NERFSEG_CACHE: before, XDG_CACHE_HOME: home } = process.env;
    try {
      process.env.NERFSEG_CACHE = cache;
      expect((await open(root)).read).toBe(true);
      expect((await open(root)).read).toBe(false);
      expect(await readdir(join(cache, 'nuscenes'))).toHaveLength(1);
      const file = join(await scratch(), 'file');
      await writeFile(file, '');
      process.env.NERFSEG_CACHE = file;
      expect((await open(root)).read).toBe(true);
      expect((await open(root)).read).toBe(true);
      // Set, but to nothing: as if it were not set.
      process.env.NERFSEG_CACHE = '';
      process.env.XDG_CACHE_HOME = cache;
      expect((await open(root)).read).toBe(true);
      expect(await readdir(join(cache, 'nerfseg/nuscenes'))).toHaveLength(1);
    } finally {
      for (const [name, value] of Object.entries({ NERFSEG_CACHE: before, XDG_CACHE_HOME: home }))
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
    }
  });

  it("is kept in a folder of one's own, and survives many openings at once", async () => {
    const root = await written();
    const folder = await scratch();
    const opened = await Promise.all(Array.from({ length: 5 }, () => open(root, folder)));
    for (const { told: one } of opened) expect(one).toEqual(opened[0].told);
    expect(await readdir(folder)).toHaveLength(1);
    expect((await open(root, folder)).read).toBe(false);
    expect(existsSync(indexOf(root))).toBe(false);
  });

  it('holds tokens of any form', async () => {
    const root = await written();
    const before = await get(openNuScenes({ root }));
    const rename = (value: unknown): unknown => (value === '' ? '' : `token/${String(value).slice(0, 12)}-é`);
    const fields = [
      'token',
      'sample_token',
      'ego_pose_token',
      'calibrated_sensor_token',
      'scene_token',
      'sensor_token',
      'sample_data_token',
    ];
    for (const name of [
      'sample',
      'sample_data',
      'ego_pose',
      'scene',
      'calibrated_sensor',
      'sensor',
      'lidarseg',
    ])
      await editTable(table(root, name), (rows) => {
        for (const row of rows) for (const field of fields) if (field in row) row[field] = rename(row[field]);
      });
    for (let times = 0; times < 2; times++) {
      const after = await get(openNuScenes({ root, index: 'disk' }));
      expect(after.frame(1).id).toBe(rename(before.frame(1).id));
      expect(await get(after.frame(1).labels())).toEqual(await get(before.frame(1).labels()));
      expect(after.frame(4).cameras.map((c) => c.imagePath)).toEqual(
        before.frame(4).cameras.map((c) => c.imagePath),
      );
    }
  });

  it.each(['../outside.pcd.bin', '/etc/passwd', 'samples/../../x', 'C:\\x', '..\\x', 'a\0b', '..'])(
    'refuses the file name %j',
    async (filename) => {
      for (const name of ['sample_data', 'lidarseg']) {
        const root = await written();
        await editTable(table(root, name), (rows) => {
          rows[1].filename = filename;
        });
        expect(await failure(openNuScenes({ root }))).toMatchObject({
          code: 'out-of-range',
          source: table(root, name),
          field: expect.stringMatching(/^token \w+, filename$/),
        });
      }
    },
  );

  it('tells of a bad scene only where it is opened', async () => {
    const root = await written();
    await editTable(table(root, 'sample_data'), (rows) => rows.filter((row) => row !== rows[0]));
    for (const index of ['memory', 'disk', 'disk'] as const) {
      expect(await failure(openNuScenes({ root, index }))).toMatchObject({ code: 'not-found' });
      expect((await get(openNuScenes({ root, index, split: 'val' }))).length).toBe(3);
    }
  });

  it('stays valid when the data set is copied with its times', async () => {
    const [root, copy] = [await written(), await scratch()];
    await open(root);
    await mkdir(join(copy, 'v1.0-mini'));
    for (const name of await readdir(join(root, 'v1.0-mini'))) {
      const [from, to] = [root, copy].map((at) => join(at, 'v1.0-mini', name));
      await copyFile(from, to);
      const { atime, mtime } = await stat(from);
      await utimes(to, atime, mtime);
      // Times that are copied in whole microseconds; the stamp is of nanoseconds.
      await utimes(from, atime, mtime);
    }
    await open(root);
    await copyFile(indexOf(root), indexOf(copy));
    expect((await open(copy)).read).toBe(false);
  });
});
