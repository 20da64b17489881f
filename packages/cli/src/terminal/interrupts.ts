import { setTimeout } from 'node:timers/promises';

/** More than signals of one Ctrl-C lie apart, less than a person takes for two. */
const sameMs = 500;

/**
 * Turns Ctrl-C (and SIGTERM) into an AbortSignal: commands finish the piece they are at, keep what is done, and end.
 * A second Ctrl-C ends the process at once. One that comes on the heels of the first is the same: the terminal sends it to all processes
 * in front, and those that started this one (npm, say) hand on theirs.
 *
 * @param told called at the first one.
 * @returns the signal, and a function that puts the handlers away.
 */
export function watchInterrupts(told: () => void): {
  signal: AbortSignal;
  release: () => Promise<void>;
} {
  const controller = new AbortController();
  let armed = false;
  const onSignal = (): void => {
    if (armed) process.exit(130);
    if (controller.signal.aborted) return;
    // Counted from when the loop runs again: what came while a step was computed is delivered before setImmediate's turn.
    void setTimeout(sameMs, undefined, { ref: false }).then(() => setImmediate(() => (armed = true)));
    controller.abort();
    told();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    release: async () => {
      // What was quick to finish waits for the second signal of a Ctrl-C: it must not kill it at its end.
      if (controller.signal.aborted) await setTimeout(sameMs);
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
