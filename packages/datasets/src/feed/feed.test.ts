import { existsSync } from 'node:fs';
import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createRandom, cylindricalGrid, type DataError } from '@nerfseg/geometry';
import type { Either } from 'fp-ts/lib/Either.js';
import { semanticKittiLabelSpace } from '../labels/semantic-kitti.js';
import { openDataset } from '../open-dataset.js';
import { get, rightOf, sceneRecord, scratch } from '../testing/scene.test.helper.js';
import { writeSemanticKitti } from '../write/write-kitti.js';
import { feed } from './feed.js';
import { prepareScan } from './prepare-scan.js';
import type { Fed, FeedItem, FeedOptions } from './types.js';
import { startPool } from './worker-pool.js';

const classes = semanticKittiLabelSpace.names.length;
const grid = cylindricalGrid('semantickitti', { shape: [48, 36, 8] });
// Tests run from the sources, a thread does not: it runs what is built.
const built = join(__dirname, '../../dist/feed/worker.js');
const worker = pathToFileURL(built);

describe('feed', () => {
  let root = '';
  beforeAll(async () => {
    if (!existsSync(built))
      throw new Error(`${built}: build the package first (npx tsc -b packages/datasets)`);
    root = await scratch();
    await get(
      writeSemanticKitti(
        root,
        ['00', '08'].map((name) => sceneRecord(name, 4, classes, ['image_2'])),
      ),
    );
  });

  const options = (more: Partial<FeedOptions> = {}): FeedOptions => ({
    workers: 1,
    dataset: { format: 'semantickitti', root },
    grid,
    random: createRandom('feed'),
    worker,
    ...more,
  });
  const item = (frame: number, more: Partial<FeedItem> = {}): FeedItem => ({
    frame,
    labelled: true,
    ...more,
  });
  const all = async (
    items: Iterable<FeedItem>,
    more: Partial<FeedOptions> = {},
  ): Promise<Either<DataError, Fed>[]> => {
    const found: Either<DataError, Fed>[] = [];
    for await (const fed of feed(items, options(more))) found.push(structuredClone(fed));
    return found;
  };

  it('gives the same, in order, whatever the number of workers, and whether memory is used again', async () => {
    const items = [0, 5, 2, 7, 1, 1, 3, 6].map((frame, k) => ({
      ...item(frame, { labelled: k !== 3 }),
      ...(k % 4 === 2 ? { mixWith: { frame: 4, labelled: false } } : {}),
    }));
    const augment = { dropout: 0.3 };
    const one = await all(items, { workers: 1, ahead: 1, augment });
    expect(one.map((fed) => rightOf(fed).item)).toEqual(items);
    expect(one.map((fed) => rightOf(fed).position)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await all(items, { workers: 2, augment })).toEqual(one);
    expect(await all(items, { workers: 1, ahead: 3, reuse: true, augment })).toEqual(one);
    // The same frame twice, each time augmented differently.
    const [a, b] = [one[4], one[5]].map((fed) => rightOf(fed).scan!.augmentedFromLidar);
    expect(a).not.toEqual(b);
  });

  it('gives what prepareScan gives, by the name of the item alone', async () => {
    const [, , fed] = await all([item(0), item(1), item(2, { key: 'step 7' })]);
    const { scan } = rightOf(fed);
    const dataset = await get(openDataset({ format: 'semantickitti', root }));
    const { frame: _, ...wanted } = await get(
      prepareScan(dataset.frame(2), {
        grid,
        numClasses: classes,
        labelled: true,
        ignoreVotes: false,
        augmentation: createRandom('feed').fork('feed step 7').fork('augment'),
      }),
    );
    expect(scan).toEqual(wanted);
    const [alone] = await all([item(2, { key: 'step 7' })]);
    expect(rightOf(alone).scan).toEqual(scan);
    const [plain] = await all([item(2, { augment: false })], { images: true });
    const { points } = rightOf(plain).scan!;
    expect(points).toEqual(await get(dataset.frame(2).points()));
    const [picture] = rightOf(plain).images!;
    expect(picture).toMatchObject({ name: 'image_2', width: 24, height: 16 });
    expect(picture.data).toEqual((await get(dataset.frame(2).cameras[0].image())).data);
  });

  it('reads no further than `ahead`, however slowly it is read', async () => {
    let taken = 0;
    const endless = (function* () {
      for (;;) yield item(taken++ % 8);
    })();
    let seen = 0;
    for await (const fed of feed(endless, options({ workers: 1, ahead: 3 }))) {
      expect(rightOf(fed).position).toBe(seen);
      expect(taken).toBeLessThanOrEqual(seen + 3);
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (++seen === 10) break;
    }
    expect(taken).toBe(12);
    // The loop was left: the items' generator is closed.
    expect(endless.next().done).toBe(true);
  });

  it('empties the arrays that it uses again', async () => {
    let last: Fed | undefined;
    for await (const fed of feed(
      [0, 1, 2, 3].map((i) => item(i)),
      options({ workers: 1, ahead: 1, reuse: true }),
    )) {
      if (last && last.position > 0) expect(last.scan!.scan.pointFeatures).toHaveLength(0);
      last = rightOf(fed);
      expect(last.scan!.scan.pointFeatures).toHaveLength(50 * 9);
    }
  });

  it('keeps nothing of what it gave', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const given: WeakRef<Fed>[] = [];
    const kept = (): number => given.filter((fed) => fed.deref() !== undefined).length;
    const items = Array.from({ length: 20 }, (_, i) => item(i % 8));
    const { signal } = new AbortController();
    for await (const fed of feed(items, options({ ahead: 2, signal }))) {
      given.push(new WeakRef(rightOf(fed)));
      // A WeakRef holds its target for the rest of the task that made it.
      await new Promise((resolve) => setTimeout(resolve));
      collect();
      expect(kept()).toBeLessThanOrEqual(3);
    }
    expect(given).toHaveLength(20);
  });

  it('tells what is wrong with a file in its place, and goes on', async () => {
    const broken = await scratch();
    await get(writeSemanticKitti(broken, [sceneRecord('00', 3, classes, [])]));
    const scan = join(broken, 'sequences/00/velodyne/000001.bin');
    await truncate(scan, 17);
    await rm(join(broken, 'sequences/00/labels/000002.label'));
    const items = [0, 1, 2].map((frame) => item(frame));
    const dataset = { format: 'semantickitti', root: broken } as const;
    const found = await all([...items, item(0)], { dataset });
    expect(found).toMatchObject([
      { _tag: 'Right' },
      { _tag: 'Left', left: { _tag: 'DataError', code: 'truncated', source: scan } },
      { _tag: 'Left', left: { code: 'not-found', source: '00/000002', field: 'labels' } },
      { _tag: 'Right' },
    ]);
    const none = await all([item(0)], { dataset: { format: 'semantickitti', root: join(broken, 'none') } });
    expect(none).toMatchObject([{ _tag: 'Left', left: { code: 'missing-file' } }]);
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const found: Either<DataError, Fed>[] = [];
    const items = Array.from({ length: 100 }, (_, i) => item(i % 8));
    for await (const fed of feed(items, options({ signal: controller.signal }))) {
      found.push(fed);
      if (found.length === 3) controller.abort();
    }
    expect(found).toHaveLength(4);
    expect(found[3]).toMatchObject({ left: { code: 'interrupted', found: '3 items fed' } });
    const before = AbortSignal.abort();
    expect(await all(items, { signal: before })).toMatchObject([{ left: { code: 'interrupted' } }]);
  });

  it('throws for mistakes, and tells when its threads cannot run', async () => {
    await expect(all([item(8)])).rejects.toThrow(/frame 8 of 8/);
    await expect(all([item(0)], { workers: 0 })).rejects.toThrow(RangeError);
    expect(await all([item(0)], { worker: pathToFileURL(join(root, 'nowhere.js')) })).toMatchObject([
      { left: { code: 'unavailable', field: 'worker' } },
    ]);
    expect(await all([])).toEqual([]);
    const unsendable = { ...item(1), also: () => undefined };
    await expect(all([item(0), unsendable])).rejects.toThrow(/could not be cloned/);
    // Told as an answer: a rejection would end the process while an earlier item is waited for.
    const { dataset, reuse = false } = options();
    const pool = startPool(worker, 1, { dataset, grid, reuse });
    const job = { position: 0, item: unsendable, random: createRandom(0).state() };
    expect(await pool.run(job)).toMatchObject({ kind: 'thrown' });
    await pool.close();
  });

  it('ends its threads where the items cannot be closed', async () => {
    const threads = (): unknown => Object(process.report?.getReport()).workers.length;
    const before = threads();
    const items = (function* () {
      try {
        for (;;) yield item(0);
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: what is tested.
        throw new Error('not now');
      }
    })();
    const reading = async (): Promise<void> => {
      for await (const _ of feed(items, options())) break;
    };
    await expect(reading()).rejects.toThrow('not now');
    expect(threads()).toBe(before);
  });
});
