import { readdirSync } from 'node:fs';
import path from 'node:path';
import { createRandom } from '@nerfseg/geometry';
import { damage } from './damage.js';
import { hitsFolder } from './mutations/file-mutations.js';
import type { Sandbox } from './sandbox.js';
import { type CaseResult, type FuzzTarget, Violation } from './types.js';

/** Megabytes that reading a damaged file of a few kilobytes may add to the process's largest size. */
export const mostMegabytes = 400;
/** Files that may be left open when a case is done. */
const mostOpenFiles = 12;

const openFiles = (): number => {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
};

/** The data set's folder, and the cache that the index of the tables is kept in where its place is taken. */
const isAllowed = (seen: string, root: string): boolean =>
  [root, process.env.NERFSEG_CACHE ?? root].some((folder) => `${seen}/`.startsWith(`${folder}/`));

/** Damages one file of the sandbox, reads everything, judges, and makes it sound again. */
export const runCase = async (
  number: number,
  seed: string,
  target: FuzzTarget,
  sandbox: Sandbox,
  takePaths: () => readonly string[],
  started: (file: string, mutation: string) => void,
): Promise<CaseResult> => {
  const random = createRandom(`${seed} ${number}`);
  const file = sandbox.files[random.int(sandbox.files.length)];
  const mutation = damage(path.join(sandbox.root, file), random);
  started(file, mutation);
  const result = (outcome: CaseResult['outcome'], detail: string): CaseResult => ({
    number,
    target: target.name,
    file,
    mutation,
    outcome,
    detail,
    milliseconds: performance.now() - begin,
  });
  const megabytes = process.resourceUsage().maxRSS / 1024;
  const filesBefore = openFiles();
  const begin = performance.now();
  takePaths();
  try {
    const { errors, digest } = await target.open(sandbox.root);
    const outside = takePaths().find((seen) => !isAllowed(seen, sandbox.root));
    if (outside !== undefined) return result('outside', outside);
    const grown = process.resourceUsage().maxRSS / 1024 - megabytes;
    if (grown > mostMegabytes) return result('memory', `${grown.toFixed(0)} MB`);
    if (openFiles() - filesBefore > mostOpenFiles) return result('violation', 'files left open');
    if (target.heals && !hitsFolder(mutation) && (errors.length > 0 || digest !== sandbox.digest))
      return result('violation', errors[0] ?? 'another content');
    return errors.length > 0 ? result('error', errors[0]) : result('sound', '');
  } catch (thrown) {
    const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return result(thrown instanceof Violation ? 'violation' : 'thrown', text.slice(0, 600));
  } finally {
    sandbox.restore(file);
  }
};
