import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { DatasetSelection } from '../data/open-dataset.js';
import { runProcess, temporaryFolder } from '../testing/run-command.test.helper.js';
import { chooseFrames, type FrameFlags } from '../training/choose-frames.js';

const { folder, remove } = temporaryFolder();
afterAll(remove);

const json = (...path: string[]): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, ...path), 'utf8')) as Record<string, unknown>;

/** What the steps took that a run's history tells of. */
const secondsOfSteps = (run: string): number =>
  readFileSync(join(folder, run, 'history.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => Object.values<number>(JSON.parse(line).seconds))
    .reduce((sum, seconds) => sum + seconds, 0);

describe('nerfseg demo --quick', () => {
  const demo = () => runProcess(['demo', '--quick', '--out', 'demo', '--json', 'demo.json'], folder);

  it('runs from simulation to table, pictures and JSON, and again from what is there', async () => {
    const first = await demo();
    expect(first.stderr).toContain('5/5 pictures');
    expect(first.status).toBe(0);
    expect(first.stdout).toMatch(/^IoU %\s+supervised\s+nerf\s+difference$/m);
    expect(first.stdout).toMatch(/One small run on a simulated world with one seed \(0\) is no verdict/);
    const result = json('demo.json');
    expect(result).toMatchObject({ seed: 0, engine: expect.any(String), seconds: expect.any(Number) });
    const methods = result.methods as Record<string, Record<string, unknown>>;
    expect(Object.keys(methods)).toEqual(['supervised', 'nerf']);
    for (const scores of Object.values(methods)) {
      expect(scores.pointMiou).toBeGreaterThanOrEqual(0);
      expect(scores.voxelMiou).toBeLessThanOrEqual(1);
      expect(Object.keys(scores.perClass as object)).toHaveLength(16);
    }
    const pictures = result.pictures as string[];
    expect(pictures.map((path) => path.split('/').pop()).sort()).toEqual([
      'birds-eye.png',
      'cameras.png',
      'rendering.png',
    ]);
    for (const path of pictures) expect(readFileSync(join(folder, path)).length).toBeGreaterThan(1000);

    const second = await demo();
    expect(second.status).toBe(0);
    expect(second.stderr).not.toContain('simulate: 1/');
    expect(second.stderr).not.toContain('train supervised');
    expect(json('demo.json').methods).toEqual(methods);
  });

  it('masks prompted by LiDAR points are kept by picture and points, apart from others', async () => {
    const masks = async (...more: string[]) => {
      const { status, stdout } = await runProcess(
        [
          ...[
            'masks',
            join('demo', 'work', 'quick-seed-0', 'world'),
            '--frames',
            '0',
            '--mask-cache',
            'lidar-masks',
          ],
          ...['--set', 'masks.maxPrompts=2', '--in-flight', '1', '--json', '--quiet', ...more],
        ],
        folder,
      );
      expect(status).toBe(0);
      return JSON.parse(stdout) as Record<string, number>;
    };
    expect(await masks('--prompts', 'lidar')).toMatchObject({ made: 1, found: 0 });
    expect(await masks('--prompts', 'lidar', '--preset', 'fast')).toMatchObject({ made: 0, found: 1 });
    expect(await masks()).toMatchObject({ made: 1, found: 0 });
  });

  it('its pseudo-labels are measured against the truth of pixels, and of points', async () => {
    const work = join('demo', 'work', 'quick-seed-0');
    const measure = async (...more: string[]) => {
      // Four steps teach little: everything may vote.
      const open = ['confidentEntropy=1', 'minCoverage=0', 'minOpacity=0'].flatMap((setting) => [
        '--set',
        `training.${setting}`,
      ]);
      const { status, stderr, stdout } = await runProcess(
        [
          ...[
            'pseudolabels',
            join(work, 'world'),
            '--run',
            join(work, 'nerf-4'),
            '--mask-cache',
            'own-masks',
          ],
          ...['--set', 'masks.pointsPerSide=4', '--out', 'curves', '--json', '--quiet', ...open, ...more],
        ],
        folder,
      );
      expect([status, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout)).toEqual(json('curves', 'curves.json'));
      return JSON.parse(stdout) as {
        pictures: number;
        ways: Record<
          string,
          { known: Record<string, number>; curve: { coverage: number; labelled: number; correct: number }[] }
        >;
      };
    };
    const pixels = await measure();
    expect(Object.keys(pixels.ways)).toEqual(['rendering and points', 'rendering', 'projection']);
    for (const { known, curve } of Object.values(pixels.ways)) {
      const all = Object.values(known).reduce((sum, count) => sum + count, 0);
      expect(all).toBeGreaterThan(0.9 * pixels.pictures * 160 * 90);
      expect(all).toBeLessThanOrEqual(pixels.pictures * 160 * 90);
      expect(curve).toHaveLength(51);
      for (const [i, { coverage, correct, labelled }] of curve.entries()) {
        expect(coverage).toBeGreaterThanOrEqual(curve[i - 1]?.coverage ?? 0);
        expect(correct).toBeLessThanOrEqual(labelled);
      }
      expect(curve.at(-1)!.coverage).toBeGreaterThan(0);
    }
    expect(readFileSync(join(folder, 'curves', 'curves.png')).length).toBeGreaterThan(1000);
    expect(readFileSync(join(folder, 'curves', 'curves.txt'), 'utf8')).toContain('truth of pixels');
    const points = await measure('--truth', 'points');
    const { known } = points.ways.projection!;
    expect(known.sky).toBe(0);
    const seen = Object.values(known).reduce((sum, count) => sum + count, 0);
    expect(seen).toBeGreaterThan(20);
    expect(seen).toBeLessThan(points.pictures * 16 * 240);
  });
});

describe('train and eval on a KITTI world', () => {
  beforeAll(async () => {
    const world =
      '--scenes 1 --val-scenes 1 --frames 2 --channels 8 --azimuth-steps 120 --image 96x32 --no-truth';
    const simulate = ['simulate', 'kitti', '--format', 'semantickitti', '--quiet', ...world.split(' ')];
    const { status } = await runProcess(simulate, folder);
    expect(status).toBe(0);
  });

  const frames = '--labelled-frames 0 --unlabelled-frames 1 --val-frames 2-3';
  const sizes = '--width 2 --grid 24x24x8 --point-widths 8,16 --set training.checkpointEvery=2';
  const train = (...more: string[]): string[] => [
    'train',
    'kitti',
    '--out',
    'run',
    ...frames.split(' '),
    ...sizes.split(' '),
    ...more,
  ];

  it('Ctrl-C keeps what is done, and the same command goes on', async () => {
    const steps = ['--steps', '40'];
    const stopped = await runProcess(train(...steps), folder, 'train supervised: 1/40');
    expect(stopped.stderr).toContain('Run the same command again');
    expect(stopped.status).toBe(130);
    expect(existsSync(join(folder, 'run', 'weights.safetensors'))).toBe(false);
    const resumed = await runProcess(['train', '--resume', 'run', '--json'], folder);
    expect(resumed.status).toBe(0);
    expect(resumed.stderr).not.toContain('train supervised: 1/40');
    const report = JSON.parse(resumed.stdout) as { labelsLoss: { first: number; last: number } };
    expect(report).toMatchObject({
      method: 'supervised',
      steps: 40,
      scored: 2,
      pointMiou: expect.any(Number),
    });
    expect(report.labelsLoss.last).toBeLessThan(report.labelsLoss.first);
    expect(json('run', 'report.json')).toEqual(report);
    // A run that is there already took what it took, not the moment of finding that out.
    const again = await runProcess(['train', '--resume', 'run', '--json'], folder);
    expect(JSON.parse(again.stdout).seconds).toBeGreaterThan(secondsOfSteps('run'));
    const config = (): string => readFileSync(join(folder, 'run', 'config.yaml'), 'utf8');
    const before = config();
    const other = await runProcess(train('--steps', '41'), folder);
    expect(other.status).toBe(1);
    expect(other.stderr).toMatch(/settings\.steps: found 40, expected 41.*Choose another folder/);
    // What the folder says of itself is still its own run's.
    expect(config()).toBe(before);
    const shown = await runProcess(['train', '--resume', 'run', '--print-config'], folder);
    expect([shown.status, shown.stdout.trim()]).toEqual([0, before.trim()]);
    const changed = await runProcess(['train', '--resume', 'run', '--steps', '50'], folder);
    expect(changed.status).toBe(2);
    expect(changed.stderr).toContain('as it was begun: without --steps');
  });

  it('frames that are scored and learned from are told of', async () => {
    const chosen = async (selection: DatasetSelection, flags: FrameFlags): Promise<readonly string[]> => {
      const found = await chooseFrames(join(folder, 'kitti'), selection, flags, 0)();
      if (isLeft(found)) throw new Error(JSON.stringify(found.left));
      return found.right.notes;
    };
    const both = /^2 of the 2 frames to score are learned from/;
    expect(await chosen({}, {})).toEqual([]);
    expect(await chosen({ split: 'all' }, {})).toEqual([expect.stringMatching(both)]);
    expect(await chosen({}, { labelledFrames: [0], valFrames: [2, 3] })).toEqual([]);
    expect(await chosen({}, { labelledFrames: [0, 2, 3], valFrames: [2, 3] })).toEqual([
      expect.stringMatching(both),
    ]);
  });

  it('frames that cannot be scored are told before the training', async () => {
    const labels = join(folder, 'kitti', 'sequences', '08', 'labels', '000001.label');
    renameSync(labels, `${labels}.away`);
    const { status, stderr } = await runProcess([...train('--steps', '40'), '--out', 'none'], folder);
    renameSync(`${labels}.away`, labels);
    expect(status).toBe(1);
    expect(stderr).toMatch(/08\/000001: labels: found none/);
    expect(stderr).not.toContain('train supervised');
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  it('a path that is none is told in a line', async () => {
    const notAFolder = join('run', 'config.yaml');
    for (const [args, told] of [
      [['train', 'nowhere', '--format', 'nuscenes', '--split', 'train'], 'nowhere'],
      [['eval', 'run', 'nowhere', '--format', 'nuscenes', '--split', 'val'], 'nowhere'],
      [['pseudolabels', 'kitti', '--run', 'run', '--out', notAFolder], notAFolder],
    ] as const) {
      const { status, stderr } = await runProcess(args, folder);
      expect([args[0], status]).toEqual([args[0], 1]);
      expect(stderr).toContain(told);
      expect(stderr).not.toMatch(/^\s+at |defect/m);
    }
    const doctor = await runProcess(['doctor', notAFolder], folder);
    expect(doctor.stdout).toContain(notAFolder);
    expect(doctor.stderr).not.toMatch(/^\s+at |defect/m);
  });

  it('killed at any moment (kill -9), a run ends with the same weights, byte for byte', async () => {
    const args = (out: string): string[] => [
      ...train('--steps', '40', '--set', 'training.validateEvery=10').map((word) =>
        word === 'run' ? out : word,
      ),
    ];
    expect((await runProcess(args('whole'), folder)).status).toBe(0);
    const told = (): string[] => {
      const file = join(folder, 'killed', 'history.jsonl');
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
      return lines.filter((line) => line.includes('"losses"'));
    };
    for (const steps of [1, 9, 10, 23])
      await runProcess(args('killed'), folder, () => told().length >= steps, 'SIGKILL');
    expect((await runProcess(args('killed'), folder)).status).toBe(0);
    const bytes = (run: string, name: string): string =>
      readFileSync(join(folder, run, name)).toString('base64');
    for (const name of ['weights.safetensors', 'best.safetensors'])
      expect(bytes('killed', name) === bytes('whole', name)).toBe(true);
    expect(told()).toHaveLength(40);
  });

  it('eval scores the run and writes predictions as the benchmark takes them', async () => {
    const args = ['eval', 'run', 'kitti', '--frames', '2-3', '--predictions', 'submission'];
    const { status, stdout } = await runProcess([...args, '--json'], folder);
    expect(status).toBe(0);
    const { pointMiou, voxelMiou } = json('run', 'report.json');
    expect(JSON.parse(stdout)).toMatchObject({ frames: 2, pointMiou, voxelMiou });
    const written = join(folder, 'submission', 'sequences', '08', 'predictions');
    expect(readdirSync(written)).toHaveLength(2);
    const scans = join(folder, 'kitti', 'sequences', '08', 'velodyne');
    for (const name of readdirSync(written))
      expect(readFileSync(join(written, name)).length * 4).toBe(
        readFileSync(join(scans, name.replace('.label', '.bin'))).length,
      );
  });

  it('doctor says what is there', async () => {
    const { status, stdout } = await runProcess(['doctor', 'kitti', '--json'], folder);
    expect(status).toBe(0);
    const found = JSON.parse(stdout) as {
      engine: { name: string };
      datasets: unknown[];
      considered: unknown[];
    };
    expect(found.datasets).toMatchObject([{ format: 'semantickitti', frames: 4, cameras: 1 }]);
    expect(found.considered.length).toBeGreaterThan(0);
    expect(typeof found.engine.name).toBe('string');
  });
});
