import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { claimsIn, writeAside } from '@nerfseg/files';
import { dataError, type Image } from '@nerfseg/geometry';
import { left, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { drawImage, drawMasks } from '../testing/draw.js';
import { type MaskStoreOptions, openMaskStore, pictureKey, type StorePicture } from './mask-store.js';
import type { MaskSource } from './types.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nerfseg-store-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const masks = drawMasks([['##..'], ['..##']]);
const picture: StorePicture = {
  key: pictureKey('one'),
  image: () => async () => right(drawImage(4, 1, () => [1, 2, 3])),
  width: 4,
  height: 1,
};

/** A source that answers when it is told to. */
function held(): { source: MaskSource; calls: () => number; open: () => void } {
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let calls = 0;
  const source: MaskSource = {
    name: 'held',
    settings: {},
    segment: () => async () => {
      calls++;
      await gate;
      return right(masks);
    },
  };
  return { source, calls: () => calls, open: () => open() };
}

const atWork = (home: string): Promise<string[]> => readdir(path.join(home, 'at-work'));
/** A process that is no more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid!;
}

describe('openMaskStore', () => {
  it('makes once what several ask for at a time, and leaves nothing but the masks', async () => {
    const { source, calls, open } = held();
    const stores = [1, 2, 3].map(() => openMaskStore(source, folder, { poll: 5 }));
    const all = Promise.all(stores.map((store) => store.obtain(picture)()));
    while (calls() === 0) await sleep(5);
    expect(await stores[1]!.tryObtain(picture)()).toMatchObject({
      right: { state: 'taken', by: `process ${process.pid} on ${hostname()}`, isRunning: true },
    });
    open();
    const states = (await all).map((result) => result._tag === 'Right' && result.right.state);
    expect(states.sort()).toEqual(['found', 'found', 'made']);
    expect(calls()).toBe(1);
    expect(await atWork(stores[0]!.folder)).toEqual([]);
    const about: unknown = JSON.parse(await readFile(path.join(stores[0]!.folder, 'store.json'), 'utf8'));
    expect(about).toEqual({ source: 'held', settings: {} });
  });

  it('does not decode a picture whose masks are there', async () => {
    const { source, open } = held();
    open();
    const store = openMaskStore(source, folder);
    const made = await store.obtain(picture)();
    const unread: TaskEither<never, Image> = () => Promise.reject(new Error('decoded'));
    const found = await store.obtain({ ...picture, image: () => unread })();
    expect(found).toMatchObject({ right: { state: 'found', masks } });
    if (made._tag === 'Left' || found._tag === 'Left') throw new Error('unexpected');
    expect(found.right.bytes).toBe(made.right.bytes);
  });

  it('passes errors of pictures on, lets go of the claim, and keeps nothing', async () => {
    const { source } = held();
    const store = openMaskStore(source, folder);
    const error = dataError('malformed', 'picture', 'file', 'noise', 'a picture');
    const broken = { ...picture, image: () => async () => left(error) };
    expect(await store.obtain(broken)()).toEqual(left(error));
    expect(await atWork(store.folder)).toEqual([]);
  });

  it('reports a full disk, keeps nothing, and goes on when there is space again', async () => {
    const { source, open } = held();
    open();
    let isFull = true;
    const write: MaskStoreOptions['write'] = async (file, aside, bytes) => {
      if (!isFull || file.endsWith('.json')) return writeAside(file, aside, bytes);
      // As a disk does it that fills up on the way.
      await writeFile(aside, bytes.subarray(0, 10));
      await rm(aside);
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    };
    const store = openMaskStore(source, folder, { write });
    expect(await store.obtain(picture)()).toMatchObject({
      left: { code: 'unavailable', field: 'mask store', found: 'ENOSPC: no space left on device, write' },
    });
    expect(await atWork(store.folder)).toEqual([]);
    isFull = false;
    expect(await store.obtain(picture)()).toMatchObject({ right: { state: 'made' } });
  });

  it('takes over from a dead process, and clears what it left', async () => {
    const { source, open } = held();
    open();
    const store = openMaskStore(source, folder, { poll: 5 });
    await store.obtain(picture)();
    const other = { ...picture, key: pictureKey('two') };
    const left0 = path.join(store.folder, 'at-work', `${other.key}.0`);
    // What a process leaves that is killed while it writes: a claim of this machine, and half a file.
    const probe = await claimsIn(path.dirname(left0)).take('probe');
    const mine: Record<string, unknown> = JSON.parse(
      await readFile(path.join(store.folder, 'at-work', 'probe.0'), 'utf8'),
    );
    if (probe.state === 'mine') await probe.release();
    await writeFile(left0, JSON.stringify({ ...mine, pid: await deadPid() }));
    await writeFile(`${left0}.part`, 'half');
    expect(await store.obtain(other)()).toMatchObject({ right: { state: 'made' } });
    expect(await atWork(store.folder)).toEqual([]);
  });
});
