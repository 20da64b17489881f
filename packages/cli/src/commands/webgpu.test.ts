/** @jest-environment ../../tools/jest/webgpu-environment.cjs */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Outcome, runProcess, temporaryFolder } from '../testing/run-command.test.helper.js';

const why = (globalThis as { whyNoAdapter?: string }).whyNoAdapter;
const { folder, remove } = temporaryFolder();
afterAll(remove);

/** A run on this engine, whatever the environment prefers. */
const on = (engine: string, ...args: string[]): Promise<Outcome> => {
  process.env.NERFSEG_ENGINE = engine;
  return runProcess([...args, '--quiet'], folder);
};

interface Scores {
  readonly pointMiou: number;
}

(why ? describe.skip : describe)(`--engine webgpu${why ? `: ${why}` : ''}`, () => {
  const preferred = process.env.NERFSEG_ENGINE;
  beforeAll(async () => {
    const simulated = await on(
      'tfjs-cpu',
      ...['simulate', 'world', '--scenes', '2', '--val-scenes', '1', '--frames', '1', '--lidar', 'vlp16'],
      ...['--azimuth-steps', '180', '--range', '25', '--cameras', 'CAM_FRONT', '--image', '80x45'],
    );
    expect([simulated.status, simulated.stderr]).toEqual([0, '']);
  }, 400_000);
  afterAll(() => {
    if (preferred === undefined) delete process.env.NERFSEG_ENGINE;
    else process.env.NERFSEG_ENGINE = preferred;
  });

  const train = (engine: string): Promise<Outcome> =>
    on(
      engine,
      ...['train', 'world', '--method', 'mean-teacher', '--labelled', '50%', '--steps', '2', '--out', engine],
      ...['--grid', '24x36x8', '--width', '2', '--point-widths', '8,8', '--engine', engine],
      ...['--set', 'network.voxelInputChannels=4', '--set', 'training.pseudoStart=0'],
    );
  const losses = (run: string): Record<string, number>[] =>
    readFileSync(join(folder, run, 'history.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { losses?: Record<string, number> })
      .flatMap((record) => (record.losses ? [record.losses] : []));
  const evaluate = (engine: string, ...more: string[]): Promise<Outcome> =>
    on(engine, ...['eval', 'webgpu', 'world', '--engine', engine, '--json', ...more]);
  const score = async (engine: string, ...more: string[]): Promise<number> => {
    const { status, stdout, stderr } = await evaluate(engine, ...more);
    expect([status, withoutWarnings(stderr)]).toEqual([0, '']);
    return (JSON.parse(stdout) as Scores).pointMiou;
  };
  /** Dawn tells of adapters that it passes over. */
  const withoutWarnings = (stderr: string): string =>
    stderr.replace(/^(Warning: Vulkan .*| - While .*| {4}at .*)?\n/gm, '');

  it('trains and scores as the cpu engine does', async () => {
    for (const engine of ['webgpu', 'tfjs-cpu']) {
      const { status, stderr } = await train(engine);
      expect([engine, status, withoutWarnings(stderr)]).toEqual([engine, 0, '']);
    }
    const [found, expected] = [losses('webgpu'), losses('tfjs-cpu')];
    expect(found).toHaveLength(2);
    for (const [step, parts] of expected.entries())
      for (const [name, value] of Object.entries(parts))
        expect([step, name, found[step]![name]! / value]).toEqual([step, name, expect.closeTo(1, 2)]);
    // The same weights, scored by both.
    const scores = [await score('webgpu'), await score('tfjs-cpu')];
    expect(scores[0]).toBeGreaterThan(0);
    expect(scores[0]).toBeCloseTo(scores[1]!, 2);
    expect(await score('webgpu', '--precision', 'float16')).toBeCloseTo(scores[1]!, 1);
    const refused = await evaluate('tfjs-cpu', '--precision', 'float16');
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain('float16 on tfjs-cpu');
  }, 900_000);
});
