import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** NERFSEG_COMMIT, which the GPU archive sets; or the clone's commit, with '+' where files differ from it; 'unknown' outside of one. */
function readCommit(): string {
  if (process.env.NERFSEG_COMMIT) return process.env.NERFSEG_COMMIT;
  try {
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd: here, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', '../../../packages', '..');
    return `${git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}

/** Read at the start: what runs is what was loaded then, whatever is committed meanwhile. */
export const commit = readCommit();
