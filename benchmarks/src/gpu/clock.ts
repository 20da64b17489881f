import { median } from '../median.js';
import type { Gpu } from './device.js';
import { createPassTimer, type ProgramTime } from './pass-timer.js';

/** What one run costs; medians. */
export interface Timing {
  /** Milliseconds from the first call until the device had done everything, per run of a batch of runs. */
  readonly ms: number;
  /** Milliseconds in which the device computed, by its own clock: what is missing to `ms` is the host's. */
  readonly gpuMs?: number;
}

/** Something that is timed in turn with ours: milliseconds of a run. */
export type Rival = () => Promise<number>;

export interface Clock {
  /** Whether the device has a clock of its own. */
  readonly timestamps: boolean;
  /** Warms up, then times `run`, and in turn with it the rivals: milliseconds of one run each. */
  time(run: () => unknown, rivals?: readonly Rival[]): Promise<{ ours: Timing; rivals: number[] }>;
  /** What each program of one run takes, by the device's clock; undefined where it has none. Call it after `time`. */
  programs(run: () => unknown): Promise<ProgramTime[] | undefined>;
}

/** Runs of a batch, for what takes so many milliseconds: long enough that starting and ending it count for little. */
export const batchFor = (ms: number): number => Math.max(1, Math.min(100, Math.round(50 / ms)));

export const createClock = (gpu: Gpu, quick: boolean): Clock => {
  const passes = createPassTimer(gpu.device);
  const batchOf = async (run: () => unknown, batch: number): Promise<number> => {
    const start = performance.now();
    for (let n = 0; n < batch; n++) await run();
    await gpu.finish();
    return (performance.now() - start) / batch;
  };
  return {
    timestamps: passes !== undefined,
    programs: async (run) =>
      passes?.programs(async () => {
        await run();
        await gpu.finish();
      }),
    time: async (run, rivals = []) => {
      // The first run compiles programs and uploads tables.
      const first = await batchOf(run, 1);
      const single = quick ? first : await batchOf(run, 1);
      const batch = quick ? 1 : batchFor(single);
      if (!quick) await batchOf(run, batch);
      for (const rival of rivals) await rival();
      const own: number[] = [];
      const onDevice: number[] = [];
      const theirs: number[][] = rivals.map(() => []);
      const repeats = !quick ? 7 : first > 1000 ? 1 : 3;
      for (let n = 0; n < repeats; n++) {
        own.push(await batchOf(run, batch));
        for (const [i, rival] of rivals.entries()) theirs[i]!.push(await rival());
        const ms = await passes?.measure(async () => {
          await run();
          await gpu.finish();
        });
        if (ms !== undefined) onDevice.push(ms);
      }
      return {
        ours: { ms: median(own), ...(onDevice.length > 0 ? { gpuMs: median(onDevice) } : {}) },
        rivals: theirs.map(median),
      };
    },
  };
};
