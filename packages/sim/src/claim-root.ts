import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { claimsIn } from '@nerfseg/files';
import { dataError } from '@nerfseg/geometry';
import { raise } from './fault.js';

/**
 * Claims what is being made for `root`: two processes at it would each remove what the other is writing. Waits while another one has it.
 *
 * @returns what lets go of it; raises `interrupted` after `signal`.
 */
export const claimRoot = async (
  root: string,
  onNote: ((line: string) => void) | undefined,
  signal: AbortSignal | undefined,
): Promise<() => Promise<void>> => {
  const folder = dirname(root);
  await mkdir(folder, { recursive: true });
  // Beside the folder that is moved at the end, not in it.
  const claims = claimsIn(folder);
  for (let told = false; ; told = true) {
    const claim = await claims.take(`${basename(root)}.partial.in-use`);
    if (claim.state === 'mine') return claim.release;
    if (!told) onNote?.(`${root} is being simulated by ${claim.by}: waiting for it`);
    await pause(500, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted)
      raise(
        dataError(
          'interrupted',
          root,
          'simulation',
          `${claim.by}, at work on it`,
          'nobody else',
          'Nothing was done here.',
        ),
      );
  }
};
