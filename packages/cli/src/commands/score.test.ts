import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  openSemanticKitti,
  type SceneRecord,
  writeSemanticKitti,
  writeSemanticKittiPrediction,
} from '@nerfseg/datasets';
import { createRandom, type DataError, formatError, identityPose } from '@nerfseg/geometry';
import { type Either, isLeft } from 'fp-ts/lib/Either.js';
import { runHere, temporaryFolder } from '../testing/run-command.test.helper.js';

const { folder, remove } = temporaryFolder();
afterAll(remove);

const root = join(folder, 'kitti');
const submission = join(folder, 'submission');
const points = 40;

/** Points at 5, 15, 25, ... m; all of class `label`. */
const scene = (name: string, label: number): SceneRecord => ({
  name,
  egoFromLidar: identityPose(),
  frames: [0, 1].map((i) => ({
    timestamp: i * 100_000,
    points: {
      positions: Float32Array.from({ length: points * 3 }, (_, at) =>
        at % 3 === 0 ? 5 + 10 * ((at / 3) % 8) : 0,
      ),
      intensity: new Float32Array(points),
    },
    labels: new Uint8Array(points).fill(label),
    globalFromEgo: identityPose(),
    cameras: [],
  })),
});

const right = <A>(result: Either<DataError, A>): A => {
  if (isLeft(result)) throw new Error(formatError(result.left));
  return result.right;
};

describe('nerfseg score', () => {
  beforeAll(async () => {
    right(await writeSemanticKitti(root, [scene('07', 1), scene('08', 9)])());
    const dataset = right(await openSemanticKitti({ root })());
    const random = createRandom(1);
    for (let i = 0; i < 4; i++) {
      // Right within 30 m, wrong beyond.
      const classes = Uint8Array.from({ length: points }, (_, p) =>
        p % 8 < 3 ? (i < 2 ? 1 : 9) : 10 + random.int(5),
      );
      right(await writeSemanticKittiPrediction(submission, dataset.frame(i), classes)());
    }
  });

  it('scores the validation split, as JSON', async () => {
    const { status, stdout, stderr } = await runHere('score', submission, root, '--json', '--quiet');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const found = JSON.parse(stdout) as Record<string, never>;
    expect(found).toMatchObject({
      dataset: 'SemanticKITTI val',
      frames: 2,
      points: 2 * points,
      accuracy: 3 / 8,
      miouOfOccurring: 3 / 8,
      perClass: { road: 3 / 8, car: 0 },
    });
    expect(found.miou).toBeCloseTo(3 / 8 / 19, 12);
    const ranges = found.byDistance as { from: number; to: number | null; accuracy: number }[];
    expect(ranges.map(({ from, to, accuracy }) => [from, to, accuracy])).toEqual([
      [0, 10, 1],
      [10, 20, 1],
      [20, 30, 1],
      [30, 40, 0],
      [40, 50, 0],
      [50, null, 0],
    ]);
    const { rowsAreTruth } = found.confusion as { rowsAreTruth: number[][] };
    expect(rowsAreTruth[9]![9]).toBe(30);
    expect(rowsAreTruth.flat().reduce((sum, n) => sum + n)).toBe(2 * points);
  });

  it('tells people in a table, of the frames that they name', async () => {
    const { status, stdout } = await runHere(
      ...['score', submission, root, '--frames', '0', '--distances', '0,30', '--confusion', '--quiet'],
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/1 frames, 40 labelled points/);
    expect(stdout).toMatch(/IoU % +all +0-30 m +30\+ m/);
    expect(stdout).toMatch(/^car +37\.5 +100\.0 +0\.0$/m);
    expect(stdout).toMatch(/^1 car +0 +15/m);
  });

  it('checks without labels, and says what is missing', async () => {
    const checked = await runHere('score', submission, root, '--split', 'all', '--no-scores', '--quiet');
    expect(checked.stdout).toMatch(/a complete submission of 4 frames, 160 points/);
    const part = join(folder, 'part');
    mkdirSync(join(part, 'sequences/08/predictions'), { recursive: true });
    writeFileSync(join(part, 'sequences/08/predictions/000000.label'), new Uint8Array(4 * points));
    const { status, stderr } = await runHere('score', part, root);
    expect(status).toBe(1);
    expect(stderr).toMatch(/000001\.label: found nothing there, nor for 0 more of 2 frames/);
    expect((await runHere('score', submission, root, '--distances', '5,1')).status).toBe(2);
    const foreign = await runHere('score', submission, root, '--evaluation-set', 'val', '--quiet');
    expect(foreign.stderr).toMatch(/--evaluation-set: found val, .* semantickitti, expected nuscenes/);
  });
});
