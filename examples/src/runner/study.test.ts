import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { kitti } from '../studies/kitti.js';
import { lidar } from '../studies/lidar.js';
import { table1 } from '../studies/table1.js';
import { table2 } from '../studies/table2.js';
import { kittiFramesFolder } from './real-dataset.js';
import { planOf } from './settings.js';
import { type RunSpec, runId } from './spec.js';
import type { Study } from './study.js';

let pagesRenewed = 0;
jest.mock('../tables/update-pages.js', () => ({ updatePages: async () => void pagesRenewed++ }));

const given = process.argv;
let folder: string;
let results: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nerfseg-study-'));
  results = join(folder, 'results');
  mkdirSync(results);
  mkdirSync(join(folder, 'real', 'v1.0-mini'), { recursive: true });
});
afterEach(() => {
  process.argv = given;
  process.exitCode = undefined;
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** What a study's script says, with these flags. */
const said = async (study: Study, ...flags: string[]): Promise<string> => {
  const lines: unknown[] = [];
  for (const name of ['log', 'error'] as const)
    jest.spyOn(console, name).mockImplementation((line) => void lines.push(line));
  process.argv = ['node', study.name, '--results', results, '--work', folder, ...flags];
  const { studyScript } = await import('./study.js');
  await studyScript(study);
  return lines.join('\n');
};

const leave = (spec: RunSpec, pointMiou: number): void => {
  const { steps } = planOf(spec, 2).settings;
  writeFileSync(
    join(results, `${runId(spec)}.json`),
    JSON.stringify({
      ...spec,
      id: runId(spec),
      steps,
      seconds: 1,
      pointMiou,
      voxelMiou: pointMiou,
      perClass: {},
    }),
  );
};

it('shows the results of the data set that was given, and no others', async () => {
  leave({ method: 'nerf', dataset: 'nuscenes-like', fraction: 1, seed: 0 }, 0.7);
  leave({ method: 'nerf', dataset: 'nuscenes', fraction: 1, seed: 0 }, 0.5);
  expect(await said(table2, '--dry-run', '--data', join(folder, 'real'))).toContain(
    '| complete | 50.0 (1) |',
  );
  expect(await said(table2, '--dry-run')).toContain('| complete | 70.0 (1) |');
});

it('says where it has no question to ask of the data', async () => {
  expect(await said(lidar, '--data', join(folder, 'real'))).toContain('simulated data alone');
  expect(process.exitCode).toBe(1);
  expect(await said(kitti)).toContain('--data');
});

it('takes the frames of KITTI from a folder that has them', () => {
  const frames = join(folder, 'kitti');
  mkdirSync(join(frames, 'sequences', '00'), { recursive: true });
  expect(kittiFramesFolder(undefined)).toBeUndefined();
  expect(kittiFramesFolder(frames)).toBe(frames);
  expect(() => kittiFramesFolder(join(folder, 'real'))).toThrow(
    '--data: found nuscenes, expected semantickitti',
  );
  mkdirSync(join(frames, 'sequences', '00', 'scribbles'));
  expect(() => kittiFramesFolder(frames)).toThrow('found scribblekitti');
});

it('leaves the pages alone where it only says what would be run', async () => {
  await said(lidar, '--dry-run');
  expect(pagesRenewed).toBe(0);
});

it('tells results of a published list of labels from those of drawn ones, and lists of one share apart', async () => {
  const lists = ['a', 'b', 'ten'].map((name) => {
    const path = join(folder, `${name}.txt`);
    writeFileSync(path, `a list named ${name}\n`);
    return path;
  });
  const digest = (path: string): string =>
    createHash('sha256').update(readFileSync(path, 'utf8')).digest('hex').slice(0, 8);
  const run = { method: 'nerf', dataset: 'nuscenes', fraction: 1, seed: 0 } as const;
  leave(run, 0.5);
  leave({ ...run, labels: digest(lists[0]!) }, 0.6);
  leave({ ...run, labels: digest(lists[1]!) }, 0.7);
  leave({ ...run, fraction: 10, labels: digest(lists[2]!) }, 0.8);
  const row = async (...flags: string[]): Promise<string | undefined> =>
    (await said(table1, '--dry-run', '--data', join(folder, 'real'), ...flags))
      .split('\n')
      .find((line) => line.startsWith('| nerf |'))
      ?.replaceAll(/\| [^|]*published[^|]*/g, '');
  expect(await row()).toMatch(/^\| nerf \| 50\.0 \(1\) \| 50\.0 \(1\) \|[^|]*\| - \| - /);
  expect(await row('--labels-list', lists[0]!)).toMatch(/^\| nerf \| 60\.0 \(1\) .*\| 80\.0 \(1\) \|/);
  expect(await row('--labels-list', lists[1]!)).toMatch(/^\| nerf \| 70\.0 \(1\) .*\| 80\.0 \(1\) \|/);
  const text = await said(
    table1,
    '--seeds',
    '0',
    '--dry-run',
    '--data',
    join(folder, 'real'),
    '--labels-list',
    lists[0]!,
  );
  expect(text).toContain('1 runs are done');
  for (const [list, why] of [
    [join(folder, 'none.txt'), 'none.txt: --labels-list: found ENOENT'],
    [lists[0]!, 'expected nothing: all runs have the labels of frame 0'],
  ] as const)
    expect(await said(kitti, '--data', join(folder, 'real'), '--labels-list', list)).toContain(why);
});
