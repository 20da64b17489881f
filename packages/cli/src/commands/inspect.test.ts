import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  describeReal,
  real,
  runHere,
  runProcess,
  temporaryFolder,
} from '../testing/run-command.test.helper.js';

const { folder, remove } = temporaryFolder();
afterAll(remove);

const tiny =
  '--scenes 1 --val-scenes 1 --frames 2 --channels 8 --azimuth-steps 120 --image 96x54 --seed 3 --quiet --json';

/** In a process of its own: inside jest the ray tracer takes many times as long. */
const simulate = (out: string, format: string, cameras: string) =>
  runProcess(['simulate', out, '--format', format, '--cameras', cameras, ...tiny.split(' ')], folder);

interface Inspection {
  readonly format: string;
  readonly length: number;
  readonly frames: readonly {
    readonly id: string;
    readonly points: number;
    readonly labels: Readonly<Record<string, number>> | null;
    readonly cameras: readonly {
      readonly name: string;
      readonly width: number;
      readonly points: number;
      readonly motion: number;
      readonly delay: number;
    }[];
    readonly pictures: readonly string[];
  }[];
}

const inspect = async (...args: string[]): Promise<Inspection> => {
  const { status, stdout, stderr } = await runHere('inspect', ...args, '--json', '--quiet');
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout) as Inspection;
};

const isPng = (path: string): boolean => readFileSync(path).subarray(1, 4).toString() === 'PNG';

describe('a simulated nuScenes', () => {
  const root = join(folder, 'world');
  beforeAll(async () => {
    const { status, stdout } = await simulate(root, 'nuscenes', 'CAM_FRONT,CAM_BACK');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ frames: 4, reused: false });
  });

  it('has no colour cameras to choose, nor labels in folders: what would be ignored is refused', async () => {
    const refused = async (...args: string[]) => (await runHere('inspect', root, '--quiet', ...args)).stderr;
    expect(await refused('--camera', 'image_3')).toMatch(/--camera: found image_3.* nuscenes, expected sem/);
    expect(await refused('--task', 'multi-scan')).toMatch(/--task: found multi-scan/);
    expect(await refused('--labels-folder', 'labels')).toMatch(/--labels-folder: found labels/);
  });

  it('is left alone when it is there already, and refused with other options', async () => {
    const again = await simulate(root, 'nuscenes', 'CAM_FRONT,CAM_BACK');
    expect(JSON.parse(again.stdout)).toMatchObject({ reused: true });
    const other = await simulate(root, 'nuscenes', 'CAM_FRONT');
    expect(other.status).toBe(1);
    expect(other.stderr).toContain('a simulation with other options');
  });

  it('is recognised, counted and drawn', async () => {
    const found = await inspect(root, '--out', join(folder, 'look'));
    expect(found).toMatchObject({ format: 'nuscenes', length: 4 });
    const [frame] = found.frames;
    expect(Object.values(frame!.labels!).reduce((sum, count) => sum + count, 0)).toBe(frame!.points);
    expect(frame!.cameras.map(({ name, width }) => [name, width])).toEqual([
      ['CAM_FRONT', 96],
      ['CAM_BACK', 96],
    ]);
    expect(frame!.cameras.every(({ points }) => points > 0)).toBe(true);
    expect(frame!.pictures.map((path) => path.split('/').pop())).toEqual([
      'CAM_FRONT-depth.png',
      'CAM_FRONT-labels.png',
      'CAM_BACK-depth.png',
      'CAM_BACK-labels.png',
      'cameras.png',
      'birds-eye.png',
    ]);
    expect(frame!.pictures.every(isPng)).toBe(true);
  });

  it('is told in tables to people', async () => {
    const { stdout } = await runHere(
      'inspect',
      root,
      '--no-pictures',
      '--quiet',
      '--frames',
      '1',
      '--split',
      'val',
    );
    expect(stdout).toMatch(/^nuScenes .*: 2 frames/);
    expect(stdout).toMatch(/1\s+CAM_BACK\s+96 x 54/);
    expect(stdout).toMatch(/driveable_surface\s+[\d,]+\s+[\d.]+ %/);
    expect(existsSync('nerfseg-inspect')).toBe(false);
  });

  it('is told whole where nobody reads the progress on', async () => {
    const bin = join(__dirname, '../../dist/bin.js');
    const child = spawn(process.execPath, [bin, 'inspect', root, '--no-pictures', '--json']);
    child.stderr.destroy();
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(JSON.parse(stdout)).toMatchObject({ length: 4 });
  });

  it('has fewer frames than asked for', async () => {
    const { status, stderr } = await runHere('inspect', root, '--frames', '4');
    expect(status).toBe(1);
    expect(stderr).toMatch(/--frames: found frame 4, expected 0 to 3/);
  });

  it('misses a picture: the error names it', async () => {
    const { frames } = await inspect(root, '--no-pictures');
    expect(frames[0]!.pictures).toEqual([]);
    rmSync(join(root, 'samples', 'CAM_FRONT'), { recursive: true });
    const { status, stderr } = await runHere(
      'inspect',
      root,
      '--frames',
      '0',
      '--out',
      join(folder, 'none'),
      '--quiet',
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/^nerfseg: .*CAM_FRONT.*found nothing there/);
  });
});

it('recognises ScribbleKITTI by its scribbles', async () => {
  const root = join(folder, 'scribbles');
  expect((await simulate(root, 'scribblekitti', 'image_2')).status).toBe(0);
  const found = await inspect(root, '--no-pictures', '--split', 'train');
  expect(found).toMatchObject({ format: 'scribblekitti', length: 2 });
  const { labels, points } = found.frames[0]!;
  expect(labels!.unlabelled).toBeGreaterThan(points / 2);
});

describeReal('real data', () => {
  it('nuScenes: six cameras that ego-motion moved by up to 0.4 m', async () => {
    const found = await inspect(real('nuscenes'), '--no-pictures');
    const [frame] = found.frames;
    expect(frame).toMatchObject({ points: 34688 });
    expect(frame!.labels!.unlabelled).toBe(34688 - 984);
    const motions = frame!.cameras.map(({ motion }) => motion);
    expect(motions).toHaveLength(6);
    expect(Math.max(...motions)).toBeCloseTo(0.4, 2);
    expect(Math.min(...motions)).toBeCloseTo(0.005, 3);
    expect(Math.min(...frame!.cameras.map(({ points }) => points))).toBeGreaterThan(3000);
  });

  it('SemanticKITTI: labelled and unlabelled frames, and pictures', async () => {
    const found = await inspect(real('semantickitti'), '--frames', '0', '--out', join(folder, 'kitti'));
    expect(found).toMatchObject({ format: 'semantickitti', length: 11 });
    const [labelled] = found.frames;
    const [without] = (await inspect(real('semantickitti'), '--frames', '3', '--no-pictures')).frames;
    expect(labelled!.labels!.road).toBeGreaterThan(30000);
    expect(without!.labels).toBeNull();
    expect(labelled!.pictures).toHaveLength(3);
    expect(labelled!.pictures.every(isPng)).toBe(true);
  });

  it('takes another folder of labels', async () => {
    const found = await inspect(
      real('semantickitti'),
      '--frames',
      '3',
      '--no-pictures',
      '--labels-folder',
      'labels_partial',
    );
    const { labels, points } = found.frames[0]!;
    expect((points - labels!.unlabelled!) / points).toBeCloseTo(0.41, 1);
  });
});
