import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { kitti } from '../studies/kitti.js';
import { lidar } from '../studies/lidar.js';
import { table2 } from '../studies/table2.js';
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

it('leaves the pages alone where it only says what would be run', async () => {
  await said(lidar, '--dry-run');
  expect(pagesRenewed).toBe(0);
});
