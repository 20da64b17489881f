import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { FrameDataset } from '@nerfseg/datasets';
import { createRandom } from '@nerfseg/geometry';
import { segmentsAtPixels } from '@nerfseg/pseudolabel';
import { methodNames } from '@nerfseg/ssl';
import { studies } from '../studies/index.js';
import { labelQualityTable } from '../studies/label-quality-table.js';
import { runConflicts } from '../studies/run-conflicts.js';
import { table1 } from '../studies/table1.js';
import { cell, gain, gainCell } from '../tables/cells.js';
import { methodsTable } from '../tables/methods.js';
import { targetsTable } from '../tables/targets.js';
import { askedBy, trialTables } from '../tables/trials.js';
import { readArguments, secondsOf } from './command-line.js';
import type { Context } from './context.js';
import { duration, estimatedSeconds } from './costs.js';
import { execute } from './execute.js';
import { listedLabels } from './listed-labels.js';
import { type RunResult, readResults, resultFile } from './results.js';
import { runApart } from './run-apart.js';
import { runOne } from './run-one.js';
import { type RunSpec, runId } from './spec.js';
import { spoiltMasks } from './truth-masks.js';

const spec = (over: Partial<RunSpec> = {}): RunSpec => ({
  method: 'supervised',
  dataset: 'nuscenes-like',
  fraction: 1,
  seed: 0,
  ...over,
});

const result = (over: Partial<RunResult> = {}): RunResult => ({
  ...spec(),
  id: runId(spec(over)),
  command: '',
  commit: '',
  engine: 'nerfseg-cpu',
  threads: 1,
  steps: 100,
  labelled: 1,
  unlabelled: 0,
  scored: 1,
  seconds: 50,
  pointMiou: 0.5,
  voxelMiou: 0.5,
  perClass: {},
  ...over,
});

describe('runId', () => {
  it('does not depend on the order of fields, and tells settings apart', () => {
    const a = spec({ settings: { steps: 5, lidarRays: 2 }, scoredOn: 'tune' });
    const b = spec({ scoredOn: 'tune', settings: { lidarRays: 2, steps: 5 } });
    expect(runId(a)).toBe(runId(b));
    expect(runId(spec())).toBe('nuscenes-like.1.supervised.0');
    expect(runId(spec({ settings: { steps: 6 } }))).not.toBe(runId(spec({ settings: { steps: 5 } })));
  });
});

describe('studies', () => {
  it('name distinct runs of methods that exist, and make no table of nothing', () => {
    for (const study of studies) {
      for (const real of [undefined, 'semantickitti']) {
        const runs = study.runs([0, 1], real);
        for (const { method } of runs) expect(methodNames).toContain(method);
        expect(new Set(runs.map(runId)).size).toBe(runs.length);
      }
      expect(study.table([])).toBe('');
    }
  });

  it('table 1 shows the mean, the deviation and the number of seeds', () => {
    const runs = [0.5, 0.52, 0.54].map((pointMiou, seed) => result({ seed, pointMiou }));
    expect(table1.table(runs)).toContain('| supervised | 52.0 ± 2.0 (3) |');
  });
});

describe('tables', () => {
  it('compare equal seeds only', () => {
    const found = gain([result({ pointMiou: 0.56 }), result({ seed: 1, pointMiou: 0.9 })], [result()]);
    expect(gainCell(found)).toBe('+6.0 (1)');
    expect(gainCell(gain([], [result()]))).toBe('-');
    expect(cell([])).toBe('-');
  });

  it('call an aim met only with three seeds', () => {
    const of = (method: RunSpec['method'], pointMiou: number, seeds: number): RunResult[] =>
      Array.from({ length: seeds }, (_, seed) => result({ method, seed, pointMiou }));
    const line = (seeds: number): string =>
      targetsTable([...of('nerf', 0.55, seeds), ...of('supervised', 0.5, 3)])
        .split('\n')
        .find((row) => row.includes('NeRF over supervised-only'))!;
    expect(line(3)).toContain('+5.0 (3) | met');
    expect(line(1)).toContain('above, too few seeds');
  });

  it('hold NeRF against both projections', () => {
    const rows = targetsTable([
      result({ method: 'nerf', pointMiou: 0.6 }),
      result({ method: 'projection', pointMiou: 0.59 }),
      result({ method: 'projection', pointMiou: 0.57, settings: { pointVisibility: 'all' } }),
    ]).split('\n');
    const gainOver = (rival: string): string | undefined =>
      rows.find((row) => row.includes(`NeRF over ${rival}`))?.split(' | ')[2];
    expect(gainOver('straight projection')).toBe('+3.0 (1)');
    expect(gainOver('projection of what the camera sees')).toBe('+1.0 (1)');
  });

  it('judge aims at other steps apart', () => {
    const long = { settings: { steps: 3000 } };
    const table = targetsTable([
      result({ method: 'nerf', pointMiou: 0.6 }),
      result({ pointMiou: 0.5 }),
      result({ method: 'nerf', pointMiou: 0.7, ...long }),
      result({ pointMiou: 0.55, ...long }),
      result({ pointMiou: 0.9, settings: { labelledPerStep: 1 } }),
      result({ method: 'nerf', pointMiou: 0.9, settings: { steps: 3000, densityWeight: 0 } }),
    ]);
    expect(table).toContain(
      '| NeRF over supervised-only | +3.9 | +10.0 (1) | above, too few seeds | +15.0 (1) |',
    );
  });

  it('count no run twice, and no settings apart that are told in another order', () => {
    const twice = [result({ pointMiou: 0.5 }), result({ pointMiou: 0.5, scoredOn: 'test' })];
    expect(methodsTable(twice)).toContain('| `supervised` | 50.0 (1) |');
    const none = askedBy([]);
    const two = { lidarRays: 8, densityWeight: 0.5 };
    const ordered = [
      result({ settings: two }),
      result({ seed: 1, settings: { densityWeight: 0.5, lidarRays: 8 } }),
    ];
    expect(trialTables(ordered, none)).toContain(
      '| supervised, lidarRays 8, densityWeight 0.5 | 50.0 ± 0.0 (2) |',
    );
    const elsewhere = { scoredWorld: 'semantickitti-like' };
    const apart = trialTables([result(elsewhere), result({ ...elsewhere, scoredOn: 'tune' })], none);
    expect(apart).toContain('scored on semantickitti-like:');
    expect(apart).toContain('scored on semantickitti-like, the first 8 scenes:');
  });

  it('tell who chooses a method what each gains at the benchmark as it stands', () => {
    const table = methodsTable([
      result({ pointMiou: 0.5 }),
      result({ method: 'nerf', pointMiou: 0.6 }),
      result({ method: 'nerf', pointMiou: 0.9, settings: { labelledPerStep: 1 } }),
      result({ method: 'nerf', pointMiou: 0.9, dataset: 'semantickitti-like' }),
      result({ fraction: 100, pointMiou: 0.8, settings: { steps: 3000 }, steps: 3000 }),
    ]);
    expect(table).toContain('| `nerf` | 60.0 (1) | +10.0 (1) |');
    expect(table).toContain('| `lasermix` | - | - |');
    expect(table).toContain('3,000 steps | `supervised` | 80.0 (1) | +30.0 (1) |');
    expect(methodsTable([])).toBe('');
  });

  it('show every other run where no study asks for it', () => {
    const more = { settings: { labelledPerStep: 1 } };
    const table = trialTables(
      [
        result({ pointMiou: 0.5 }),
        result({ pointMiou: 0.4, ...more }),
        result({ pointMiou: 0.6, settings: { labelledPerStep: 1, minTransmittance: 0.7 }, method: 'nerf' }),
        result({ pointMiou: 0.3, seed: 1, ...more }),
      ],
      askedBy([spec({ seed: 5 })]),
    );
    expect(table.split('\n').map((line) => line.slice(0, 70))).toEqual([
      'nuscenes-like, 1 % labels, labelledPerStep 1, scored on the scenes of '.slice(0, 70),
      '',
      expect.stringContaining('mIoU of points'),
      expect.any(String),
      expect.stringMatching(/^\| nerf, minTransmittance 0.7 \| 60.0 \(1\)/),
      expect.stringMatching(/^\| supervised \| 35.0 . 7.1 \(2\)/),
    ]);
    expect(table).toContain('| +20.0 (1) |');
  });
});

describe('costs', () => {
  it('take measured steps of the same method, else scale another', () => {
    expect(estimatedSeconds(spec(), 200, [])).toBeUndefined();
    expect(estimatedSeconds(spec(), 200, [result()])).toBe(100);
    expect(estimatedSeconds(spec({ method: 'mean-teacher' }), 200, [result()])).toBe(200);
    expect(duration(3900)).toBe('65 min');
    expect(duration(7500)).toBe('2 h 05 min');
  });
});

describe('arguments', () => {
  const ofStudies = ['data', 'labels-list', 'seeds', 'jobs'] as const;

  it('leave folders out of the recorded command, and refuse what is no number', () => {
    const given = readArguments('table1', '', ofStudies, [
      '--data',
      '/secret',
      '--seeds',
      '0,2',
      '--budget',
      '90s',
    ])!;
    expect(given.context.command).toBe('node examples/dist/table1.js --data PATH --seeds 0,2 --budget 90s');
    expect(given).toMatchObject({ seeds: [0, 2], jobs: 1 });
    expect(given.context.secondsLeft!()).toBeGreaterThan(80);
    expect(given.context.secondsLeft!()).toBeLessThan(90);
    const joined = readArguments('table1', '', ofStudies, [
      '--data=/secret',
      '--work=/secret',
      '--seeds=0,2',
    ])!;
    expect(joined.context.command).toBe('node examples/dist/table1.js --data PATH --seeds 0,2');
    const one = readArguments(
      'run',
      '',
      ['spec', 'jobs'],
      ['--work', '/secret', '--spec', '{"method":"nerf"}', '--jobs', '3'],
    )!;
    expect(one.context.command).toBe(`node examples/dist/run.js --spec '{"method":"nerf"}' --jobs 3`);
    expect(one.jobs).toBe(3);
    expect(() => readArguments('table1', '', ofStudies, ['--jobs', '0'])).toThrow('--jobs');
    for (const seeds of ['x', '', '1,', '1e3', '-1'])
      expect(() => readArguments('table1', '', ofStudies, [`--seeds=${seeds}`])).toThrow('--seeds');
    expect(() => readArguments('table1', '', ofStudies, ['--labels-list', 'list.txt'])).toThrow('--data');
    expect(() => secondsOf('2 hours')).toThrow('--budget');
  });

  it('refuse a flag that the script has no use for, and do not tell of it', () => {
    expect(() => readArguments('masks', '', ['data'], ['--jobs', '2'])).toThrow(
      'arguments: --jobs: found 2, expected nothing: masks has no use for it',
    );
    const help = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    expect(readArguments('masks', 'Masks.', ['data'], ['--help'])).toBeUndefined();
    const [text] = help.mock.calls[0]!;
    help.mockRestore();
    expect(text).toContain('--data ROOT');
    expect(text).toContain('--budget 2h');
    for (const flag of ['--jobs', '--labels-list', '--seeds', '--spec']) expect(text).not.toContain(flag);
  });
});

describe('a published list of labelled frames', () => {
  it('is taken by the runs of its share alone', async () => {
    const frames = Array.from({ length: 300 }, (_, i) => ({ id: `00/${String(i).padStart(6, '0')}` }));
    const dataset = {
      name: 'kitti',
      length: frames.length,
      frame: (i: number) => frames[i]!,
    } as FrameDataset;
    const folder = mkdtempSync(join(tmpdir(), 'nerfseg-list-'));
    try {
      const list = join(folder, '1pct.txt');
      writeFileSync(list, [5, 105, 205].map((i) => `${frames[i]!.id}\n`).join(''));
      expect((await listedLabels(list, dataset, 1)).labelled).toEqual([5, 105, 205]);
      await expect(listedLabels(list, dataset, 10)).rejects.toThrow('3 of 300, 1.0 %, expected 10 %');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('spoiltMasks', () => {
  const [width, height] = [40, 30];
  // Ground below, a thing of 8 x 10 pixels on it, sky above.
  const at = (x: number, y: number, sky: number, ground: number, thing: number): number =>
    x >= 10 && x < 18 && y >= 12 && y < 22 ? thing : y < 15 ? sky : x < 20 ? ground : ground + 1;
  const picture = (sky: number, ground: number, thing: number): number[] =>
    Array.from({ length: width * height }, (_, i) =>
      at(i % width, Math.floor(i / width), sky, ground, thing),
    );
  const truth = {
    width,
    height,
    classes: Uint8Array.from(picture(255, 11, 4)),
    objects: new Uint16Array(width * height),
    depth: new Float32Array(width * height),
  };
  const ground = new Set([11, 12]);
  const none = { jitter: 0, merge: 0, minArea: 1, drop: 0 };

  it('unspoilt: one mask for each part, which cover the picture', () => {
    const { masks, area } = spoiltMasks(truth, ground, none, createRandom(1));
    expect(masks).toHaveLength(4);
    expect([...area].sort((a, b) => a - b)[0]).toBe(80);
    expect(area.reduce((a, b) => a + b, 0)).toBe(width * height);
  });

  it('merges grounds, loses what is small, moves borders a little', () => {
    expect(spoiltMasks(truth, ground, { ...none, merge: 1 }, createRandom(1)).masks).toHaveLength(3);
    expect(spoiltMasks(truth, ground, { ...none, minArea: 81 }, createRandom(1)).masks).toHaveLength(3);
    expect(spoiltMasks(truth, ground, { ...none, drop: 1 }, createRandom(1)).masks).toHaveLength(0);
    const whole = spoiltMasks(truth, ground, none, createRandom(1));
    const moved = spoiltMasks(truth, ground, { ...none, jitter: 1, minArea: 12 }, createRandom(1));
    expect(moved.masks).not.toEqual(whole.masks);
    const [thing] = segmentsAtPixels(moved, Int32Array.of(14, 17));
    const area = moved.area[thing!]!;
    expect(Math.abs(area - 80)).toBeLessThan(40);
  });
});

describe('a run', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nerfseg-examples-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const context = (signal = new AbortController().signal, notes: string[] = []): Context => ({
    work: join(folder, 'work'),
    results: join(folder, 'results'),
    engine: 'auto',
    command: 'test',
    // Threads run from the built packages, tests from the sources.
    readAhead: false,
    signal,
    note: (line) => notes.push(line),
  });
  const tiny: RunSpec = { method: 'nerf', dataset: 'tiny', fraction: 50, seed: 0 };

  it('simulates, trains, stops where it is told, goes on, scores, and is not made twice', async () => {
    const stop = new AbortController();
    const notes: string[] = [];
    const interrupted = execute([tiny], {
      ...context(stop.signal, notes),
      note: (line) => {
        notes.push(line);
        if (line.startsWith('simulating tiny')) queueMicrotask(() => stop.abort());
      },
    });
    await expect(interrupted).rejects.toMatchObject({ error: { code: 'interrupted' } });
    expect(existsSync(resultFile(join(folder, 'results'), tiny))).toBe(false);

    await execute([tiny], context());
    const file = resultFile(join(folder, 'results'), tiny);
    const text = readFileSync(file, 'utf8');
    const [made] = readResults(join(folder, 'results'));
    expect(made).toMatchObject({ ...tiny, steps: 3, labelled: 1, unlabelled: 1, scored: 1, command: 'test' });
    expect(made!.pointMiou).toBeGreaterThanOrEqual(0);
    expect(Object.keys(made!.perClass)).toContain('car');

    const again: string[] = [];
    await execute([tiny], context(undefined, again));
    expect(again[0]).toBe('1 runs are done, 0 are not');
    expect(readFileSync(file, 'utf8')).toBe(text);
  }, 300000);

  it('in a process of its own has the same result, and stops where it is told', async () => {
    const script = join(__dirname, '../../dist/run.js');
    const apart = { ...tiny, seed: 2 };
    const stop = new AbortController();
    stop.abort();
    expect(await runApart(apart, context(stop.signal), 1, script)).toBeUndefined();
    expect(existsSync(resultFile(join(folder, 'results'), apart))).toBe(false);

    const made = await runApart(apart, context(), 1, script);
    expect(made).toMatchObject({ ...apart, threads: 1, steps: 3 });
    expect(made!.command).toMatch(/^node examples\/dist\/run.js --spec '\{.*\}'$/);
    const here = await runOne(apart, {
      ...context(),
      results: join(folder, 'here'),
      work: join(folder, 'here'),
    });
    expect(made!.pointMiou).toBe(here.pointMiou);
    expect(made!.perClass).toEqual(here.perClass);
    await expect(runApart({ ...tiny, dataset: 'nowhere' }, context(), 1, script)).rejects.toThrow('nowhere');
  }, 300000);

  it('is passed over where it does not fit into the budget', async () => {
    const notes: string[] = [];
    const spent = { ...context(undefined, notes), secondsLeft: () => -1 };
    await execute([{ ...tiny, seed: 1 }], spent);
    expect(notes.at(-1)).toContain('not now');
    // Nor is a network trained for what is measured of it.
    await runConflicts({ context: spent, dryRun: false }, [{ ...tiny, method: 'supervised', seed: 1 }]);
    expect(notes.at(-1)).toMatch(/^conflicts, tiny, seed 1: not now; about .*, 0 s left$/);
  });

  it('names a result file that is no JSON', () => {
    writeFileSync(join(folder, 'broken.json'), '{');
    expect(() => readResults(folder)).toThrow('broken.json');
    writeFileSync(join(folder, 'labels.0.json'), '{');
    expect(() => labelQualityTable(folder)).toThrow('labels.0.json');
  });
});
