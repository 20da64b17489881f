/** Where a step's time goes. */
export type StepPhase = 'data' | 'teacher' | 'assembly' | 'forward' | 'backward' | 'optimizer' | 'records';

/** Wall-clock seconds by phase. */
export type StepSeconds = Readonly<Partial<Record<StepPhase, number>>>;

/** Adds up time by phase. On engines that compute asynchronously the time of kernels falls to whoever waits for them. */
export interface Stopwatch {
  /** What passed since the last lap belongs to this phase. */
  readonly lap: (phase: StepPhase) => void;
  /** The seconds since the last call. */
  readonly take: () => StepSeconds;
}

export const startStopwatch = (now: () => number = () => performance.now()): Stopwatch => {
  let last = now();
  let seconds: Partial<Record<StepPhase, number>> = {};
  return {
    lap: (phase) => {
      const time = now();
      seconds[phase] = (seconds[phase] ?? 0) + (time - last) / 1000;
      last = time;
    },
    take: () => {
      const taken = seconds;
      seconds = {};
      return taken;
    },
  };
};
