import { type ChildProcess, fork } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { targets } from './targets/index.js';
import type { CaseResult } from './types.js';

export interface FuzzOptions {
  /** Numbers of the cases to run. */
  readonly numbers: readonly number[];
  readonly seed: string;
  /** The built worker.js. */
  readonly worker: string;
  /** Seconds that one case may take. Default 20; a case takes milliseconds. */
  readonly limit?: number;
  readonly onResult?: (result: CaseResult) => void;
}

interface Message {
  readonly ready?: boolean;
  readonly started?: { readonly file: string; readonly mutation: string };
  readonly result?: CaseResult;
}

/**
 * Runs cases in a process of their own. One that hangs is killed, one that crashes takes only that process with it;
 * both are noted, and the next case gets a new one.
 */
export const supervise = async ({
  numbers,
  seed,
  worker,
  limit = 20,
  onResult,
}: FuzzOptions): Promise<readonly CaseResult[]> => {
  const results: CaseResult[] = [];
  const left = [...numbers].reverse();
  while (left.length > 0) {
    const before = left.length;
    await runSome(left, seed, worker, limit, (result) => {
      results.push(result);
      onResult?.(result);
    });
    if (left.length === before) throw new Error('the worker does not start');
  }
  return results;
};

/** Runs cases until none is left or the process ends, one way or the other. */
const runSome = (
  left: number[],
  seed: string,
  worker: string,
  limit: number,
  note: (result: CaseResult) => void,
): Promise<void> =>
  new Promise((resolve) => {
    const base = mkdtempSync(path.join(tmpdir(), 'nerfseg-fuzz-'));
    chmodSync(base, 0o777);
    // Root may read what nobody may: as root, the cases run as nobody (65534).
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const child: ChildProcess = fork(worker, [base, seed], {
      ...nobody,
      execArgv: ['--max-old-space-size=512'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let current: number | undefined;
    let begun = { file: '', mutation: '' };
    let fate: 'hang' | 'crash' = 'crash';
    let said = '';
    let timer: NodeJS.Timeout | undefined;
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-600);
    });
    const next = (): void => {
      clearTimeout(timer);
      current = left.pop();
      if (current === undefined) {
        child.disconnect();
        return;
      }
      begun = { file: '', mutation: '' };
      timer = setTimeout(() => {
        fate = 'hang';
        child.kill('SIGKILL');
      }, limit * 1000);
      child.send(current);
    };
    child.on('message', ({ ready, started, result }: Message) => {
      if (started) begun = started;
      if (result) note(result);
      if (ready || result) next();
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (current !== undefined)
        note({
          number: current,
          target: targets[current % targets.length].name,
          ...begun,
          outcome: fate,
          detail: `${signal ?? `exit status ${code}`} ${said}`.trim(),
          milliseconds: fate === 'hang' ? limit * 1000 : 0,
        });
      rmSync(base, { recursive: true, force: true });
      resolve();
    });
  });
