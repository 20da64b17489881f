import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** The code's commit, with '+' where files differ from it; outside a clone NERFSEG_COMMIT, or else 'unknown'. */
function readCommit(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd: here, encoding: 'utf8' }).trim();
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', '../../../packages', '..');
    return `${git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : '+'}`;
  } catch {
    return process.env.NERFSEG_COMMIT || 'unknown';
  }
}

/** Read at the start: what runs is what was loaded then, whatever is committed meanwhile. */
export const commit = readCommit();
