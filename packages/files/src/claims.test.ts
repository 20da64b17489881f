import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { claimsIn } from './claims.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nerfseg-claims-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid!;
}

describe('claimsIn', () => {
  it('lets one of many have it, also when its owner is dead', async () => {
    for (const isDead of [false, true]) {
      const key = `key${isDead}`;
      if (isDead) {
        const probe = await claimsIn(folder).take('probe');
        const mine: Record<string, unknown> = JSON.parse(
          await readFile(path.join(folder, 'probe.0'), 'utf8'),
        );
        if (probe.state === 'mine') await probe.release();
        await writeFile(path.join(folder, `${key}.0`), JSON.stringify({ ...mine, pid: await deadPid() }));
      }
      const all = await Promise.all(Array.from({ length: 20 }, () => claimsIn(folder).take(key)));
      const owners = all.flatMap((claim) => (claim.state === 'mine' ? [claim] : []));
      expect(owners.map(({ generation }) => generation)).toEqual([isDead ? 1 : 0]);
      await owners[0]!.release();
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it('judges other machines, and claims that cannot be read, by their signs of life', async () => {
    for (const text of [JSON.stringify({ machine: 'elsewhere', host: 'elsewhere', pid: 1 }), '']) {
      const file = path.join(folder, 'key.0');
      await writeFile(file, text);
      const claims = claimsIn(folder, { silence: 600 });
      expect(await claims.take('key')).toMatchObject({ state: 'taken', isRunning: false });
      await sleep(40);
      // It lives.
      await utimes(file, new Date(), new Date(Date.now() + 1000));
      expect(await claims.take('key')).toMatchObject({ state: 'taken' });
      await sleep(40);
      expect(await claims.take('key')).toMatchObject({ state: 'taken' });
      await sleep(700);
      const claim = await claims.take('key');
      expect(claim).toMatchObject({ state: 'mine', generation: 1 });
      if (claim.state === 'mine') await claim.release();
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it('gives signs of life', async () => {
    const claim = await claimsIn(folder, { beat: 5 }).take('key');
    const watcher = claimsIn(folder, { silence: 1500 });
    await writeFile(path.join(folder, 'key.0'), JSON.stringify({ machine: 'elsewhere', host: 'x', pid: 1 }));
    for (let i = 0; i < 8; i++) {
      expect((await watcher.take('key')).state).toBe('taken');
      await sleep(40);
    }
    if (claim.state === 'mine') await claim.release();
  });
});
