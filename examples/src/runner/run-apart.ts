import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { dataError } from '@nerfseg/geometry';
import type { Context } from './context.js';
import { Failure } from './need.js';
import { type RunResult, readResult } from './results.js';
import { canonical, type RunSpec, runId } from './spec.js';

/**
 * One thread means one: V8's helpers mark the heap beside it otherwise, on a core that another run has. A step's arrays set off a collection
 * or two; without helpers thirty steps beside two other runs took 51 s of the processor in place of 58.
 */
const flagsOf = (threads: number): string[] => (threads === 1 ? ['--single-threaded-gc'] : []);

const runScript = fileURLToPath(new URL('../run.js', import.meta.url));

/**
 * One run in a process of its own, with so many threads: several at a time use a machine better than a small network can.
 *
 * @returns its result; undefined where it was interrupted.
 */
export async function runApart(
  spec: RunSpec,
  context: Context,
  threads: number,
  script = runScript,
): Promise<RunResult | undefined> {
  const { work, results, data, labelsList, engine, signal, note } = context;
  const flags = {
    spec: canonical(spec),
    data,
    'labels-list': labelsList,
    engine: engine === 'auto' ? undefined : engine,
    work,
    results,
  };
  const given = Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
  // A group of its own: Ctrl-C reaches it once, through us, and not a second time from the terminal.
  const child = spawn(process.execPath, [...flagsOf(threads), script, ...given], {
    detached: true,
    env: { ...process.env, NERFSEG_THREADS: String(threads) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let last = '';
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      last = line;
      if (line.startsWith(`${runId(spec)}: step`)) note(line);
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).finally(() => signal.removeEventListener('abort', stop));
  if (signal.aborted) return undefined;
  const found = readResult(results, spec);
  if (code === 0 && found) return found;
  throw new Failure(
    dataError('unreadable', runId(spec), 'process', `exit status ${code}: ${last}`, 'a result'),
  );
}
