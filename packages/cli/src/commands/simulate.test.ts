import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, describe, expect, it } from '@jest/globals';
import { run } from '../run.js';
import { runProcess, temporaryFolder } from '../testing/run-command.test.helper.js';

const { folder, remove } = temporaryFolder();
afterAll(remove);

const world =
  '--scenes 2 --val-scenes 1 --frames 3 --channels 16 --azimuth-steps 720 --image 240x135 --cameras CAM_FRONT,CAM_BACK --kinds country';
const simulate = (out: string, stopWhen?: () => boolean, signal?: NodeJS.Signals) =>
  runProcess(['simulate', out, ...world.split(' ')], folder, stopWhen, signal);

const filesOf = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(folder, root), { recursive: true, encoding: 'utf8' })
      .sort()
      .map((path) => [path, join(folder, root, path)] as const)
      .filter(([, path]) => statSync(path).isFile())
      .map(([name, path]) => [name, readFileSync(path, 'base64')]),
  );

describe('nerfseg simulate', () => {
  it('killed and interrupted at any moment, goes on and ends with the same files', async () => {
    const whole = await simulate('whole');
    expect(whole.status).toBe(0);
    const journal = join(folder, 'pieces.partial', 'frames.jsonl');
    // A header and one line per frame.
    const framesDone = (): number =>
      existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length - 2 : -1;
    for (const [frames, signal] of [
      [0, 'SIGKILL'],
      [1, 'SIGKILL'],
      [4, 'SIGINT'],
      [6, 'SIGKILL'],
    ] as const) {
      const stopped = await simulate('pieces', () => framesDone() >= frames, signal);
      // Killed: no status of its own.
      expect(stopped.status).toBe(signal === 'SIGKILL' ? -1 : 130);
      expect(existsSync(join(folder, 'pieces'))).toBe(false);
      expect(framesDone()).toBeGreaterThanOrEqual(frames);
    }
    const last = await simulate('pieces');
    expect(last.status).toBe(0);
    expect(filesOf('pieces')).toEqual(filesOf('whole'));
    expect(existsSync(join(folder, 'pieces.partial'))).toBe(false);
  });

  it('takes scanners, ranges and weather, and draws sheets', async () => {
    const args =
      'simulate foggy --scenes 1 --val-scenes 0 --frames 1 --lidar vlp16 --range 50 --azimuth-steps 90 --conditions fog --cameras CAM_FRONT --image 96x54';
    const made = await runProcess([...args.split(' '), '--sheets', 'sheets', '--json'], folder);
    expect(made.status).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({ frames: 1, format: 'nuscenes' });
    for (const name of ['pictures', 'sweeps', 'classes'])
      expect(statSync(join(folder, 'sheets', `${name}.jpg`)).size).toBeGreaterThan(2000);
    const stderr = new Writable({
      write: (chunk, _encoding, done) => {
        if (String(chunk).startsWith('sheets: ')) process.emit('SIGINT');
        done();
      },
    });
    const here = args.replace('foggy', join(folder, 'foggy')).split(' ');
    const stopped = await run([...here, '--sheets', join(folder, 'stopped')], { stdout: () => {}, stderr });
    expect([stopped, existsSync(join(folder, 'stopped'))]).toEqual([130, false]);
    const scenes = JSON.parse(readFileSync(join(folder, 'foggy', 'v1.0-trainval', 'scene.json'), 'utf8'));
    expect(scenes).toMatchObject([{ description: 'simulated: downtown, fog' }]);
    for (const [flag, value] of [
      ['--lidar', 'radar'],
      ['--range', '1000'],
      ['--conditions', 'hail'],
    ])
      expect((await runProcess([...args.split(' '), flag, value], folder)).status).not.toBe(0);
    const blind = await runProcess([...args.split(' '), '--sheets', 'none', '--no-truth'], folder);
    expect(blind.stderr).toContain('--no-truth');
  });
});
