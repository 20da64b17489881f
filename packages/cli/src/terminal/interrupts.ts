/**
 * Turns Ctrl-C (and SIGTERM) into an AbortSignal: commands finish the piece they are at, keep what is done, and end.
 * A second Ctrl-C ends the process at once.
 *
 * @param told called at the first one.
 * @returns the signal, and a function that puts the handlers away.
 */
export function watchInterrupts(told: () => void): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    told();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
