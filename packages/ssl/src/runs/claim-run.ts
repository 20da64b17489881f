import { setTimeout as pause } from 'node:timers/promises';
import { type ClaimRules, claimsIn } from '@nerfseg/files';
import { type DataError, dataError } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

export interface ClaimRunOptions extends ClaimRules {
  readonly note: (line: string) => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Claims a run's folder: two processes that go on with one run would each remove what the other is writing. A dead process's claim
 * is taken over; where it was another machine's (or a container's that is gone), once that has shown no life for `silence` ms.
 *
 * @returns what lets go of the folder; `unavailable` where somebody alive has it, `interrupted` after `signal`.
 */
export const claimRun =
  (folder: string, { note, signal, ...rules }: ClaimRunOptions): TaskEither<DataError, () => Promise<void>> =>
  async () => {
    const { silence = 60_000 } = rules;
    const claims = claimsIn(folder, rules);
    const start = performance.now();
    for (let told = false; ; told = true) {
      const claim = await claims.take('.in-use');
      if (claim.state === 'mine') return E.right(claim.release);
      const waited = performance.now() - start;
      if (claim.isRunning || waited > 1.5 * silence)
        return E.left(
          dataError(
            'unavailable',
            folder,
            'run',
            `${claim.by}, at work on it`,
            'one process at a time',
            'Wait for it, or end it: this one can go on then.',
          ),
        );
      if (signal?.aborted)
        return E.left(dataError('interrupted', folder, 'run', 'nothing done yet', 'the whole run'));
      if (!told)
        note(
          `${folder} was last in use by ${claim.by}: going on when it has shown no life for ${silence / 1000} s`,
        );
      await pause(Math.min(1000, silence / 10));
    }
  };
