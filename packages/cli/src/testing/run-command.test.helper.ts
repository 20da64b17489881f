import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, it } from '@jest/globals';
import { run } from '../run.js';

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line inside this process. */
export async function runHere(...args: readonly string[]): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      stderr += String(chunk);
      done();
    },
  });
  const status = await run(args, { stdout: (text) => (stdout += text), stderr: sink });
  return { status, stdout, stderr };
}

/**
 * Runs the built command as a process of its own.
 *
 * @param stopWhen press Ctrl-C, once, when stderr holds this, or when this is so.
 * @param signal sent in its place: SIGKILL leaves the process no time for anything.
 */
export function runProcess(
  args: readonly string[],
  cwd: string,
  stopWhen?: string | (() => boolean),
  signal: NodeJS.Signals = 'SIGINT',
): Promise<Outcome> {
  const bin = join(__dirname, '../../dist/bin.js');
  if (!existsSync(bin)) throw new Error(`${bin}: build the package first (npx tsc -b packages/cli)`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd,
      // Every machine has it, and it starts at once; the environment may say otherwise.
      env: { NERFSEG_ENGINE: 'tfjs-wasm', ...process.env },
    });
    let stdout = '';
    let stderr = '';
    let stopped = false;
    // As npm's scripts do it: the terminal's Ctrl-C, and once more by the process that started this one.
    const stop = (): boolean => {
      if (signal === 'SIGINT') setTimeout(() => child.kill(signal), 30);
      return child.kill(signal);
    };
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (typeof stopWhen === 'string' && !stopped && stderr.includes(stopWhen)) stopped = stop();
    });
    const watch = setInterval(() => {
      if (typeof stopWhen === 'function' && !stopped && stopWhen()) stopped = stop();
    }, 3);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      resolve({ status: code ?? -1, stdout, stderr });
    });
  });
}

/** A folder of its own, and what removes it. */
export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'nerfseg-cli-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const realFolder = process.env.NERFSEG_REAL_DATA ?? join(__dirname, '../../../../../shared/data');

/** Path of something among the real samples. */
export const real = (...path: readonly string[]): string => join(realFolder, ...path);

/** Tests that need the real samples; where they are absent the block says so and is skipped. */
export const describeReal = (name: string, tests: () => void): void => {
  if (existsSync(realFolder)) describe(name, tests);
  else
    describe.skip(`${name}: no real samples; NERFSEG_REAL_DATA can say where they are`, () =>
      it('', () => {}));
};
