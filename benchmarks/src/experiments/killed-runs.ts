/**
 * Kills training runs at random moments (kill -9), resumes them each time, and compares the weights that they end with
 * to those of a run that nobody disturbed, byte for byte:
 *
 *     node benchmarks/dist/experiments/killed-runs.js --kills 50
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRandom } from '@nerfseg/geometry';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    steps: { type: 'string', default: '60' },
    method: { type: 'string', default: 'supervised' },
    longest: { type: 'string', default: '3' },
    engine: { type: 'string', default: 'tfjs-wasm' },
    out: { type: 'string' },
  } as const,
});
const bin = fileURLToPath(new URL('../../../packages/cli/dist/bin.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'killed-runs-'));

const start = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [bin, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NERFSEG_ENGINE: values.engine, NERFSEG_CACHE: join(folder, 'cache') },
  });

/** Waits for the end; kills so many seconds after the process started, or after it told of its first step. */
const ended = (
  child: ChildProcess,
  killAfter?: { readonly since: 'start' | 'first step'; readonly seconds: number },
): Promise<{ killed: boolean; code: number | null }> =>
  new Promise((resolve) => {
    let stderr = '';
    let timer: NodeJS.Timeout | undefined;
    const arm = (): void => {
      if (killAfter && !timer) timer = setTimeout(() => child.kill('SIGKILL'), killAfter.seconds * 1000);
    };
    if (killAfter?.since === 'start') arm();
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (stderr.includes('train ')) arm();
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code !== 0 && signal !== 'SIGKILL') throw new Error(`status ${code}: ${stderr}`);
      resolve({ killed: signal === 'SIGKILL', code });
    });
  });

const world =
  '--scenes 1 --val-scenes 1 --frames 3 --channels 8 --azimuth-steps 120 --image 96x32 --no-truth';
await ended(start(['simulate', 'kitti', '--format', 'semantickitti', '--quiet', ...world.split(' ')]));
const train = (out: string): string[] => [
  ...`train kitti --out ${out} --method ${values.method} --steps ${values.steps}`.split(' '),
  ...'--labelled-frames 0-1 --unlabelled-frames 2 --val-frames 3 --width 2 --grid 24x24x8'.split(' '),
  ...'--point-widths 8,16'.split(' '),
  ...['checkpointEvery=2', 'validateEvery=20', 'cameras=1', 'lidarRays=64', 'raysPerCamera=64'].flatMap(
    (s) => ['--set', `training.${s}`],
  ),
];
const digest = (out: string): string =>
  ['weights.safetensors', 'best.safetensors']
    .map((name) =>
      createHash('sha256')
        .update(new Uint8Array(readFileSync(join(folder, out, name))))
        .digest('hex'),
    )
    .join(' ');
const doneOf = (out: string): number => {
  const file = join(folder, out, 'history.jsonl');
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"losses"')).length
    : 0;
};

const begun = Date.now();
await ended(start(train('whole')));
const expected = digest('whole');
const random = createRandom('kills');
/** Every fifth kill falls anywhere from the start of the process on, while it reads and resumes, say. */
const moment = () => ({
  since: random.next() < 0.2 ? ('start' as const) : ('first step' as const),
  seconds: Number(values.longest) * random.next(),
});
const moments: number[] = [];
const ends: boolean[] = [];
while (moments.length < Number(values.kills) || ends.length === 0) {
  const out = `round-${ends.length}`;
  for (;;) {
    const wanted = moments.length < Number(values.kills);
    const { killed } = await ended(start(train(out)), wanted ? moment() : undefined);
    if (!killed) break;
    moments.push(doneOf(out));
    process.stderr.write(`\r${moments.length} kills; the last after ${moments.at(-1)} steps   `);
  }
  ends.push(digest(out) === expected);
}
const result = {
  command: `node benchmarks/dist/experiments/killed-runs.js ${process.argv.slice(2).join(' ')}`,
  engine: values.engine,
  method: values.method,
  steps: Number(values.steps),
  kills: moments.length,
  stepsTold: moments,
  runs: ends.length,
  identical: ends.filter(Boolean).length,
  seconds: Math.round((Date.now() - begun) / 1000),
};
if (values.out) writeFileSync(values.out, `${JSON.stringify(result)}\n`);
process.stdout.write(`\n${JSON.stringify(result)}\n`);
rmSync(folder, { recursive: true });
if (ends.includes(false)) process.exitCode = 1;
