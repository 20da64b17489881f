import { oneCycle } from './one-cycle.js';

/** How the learning rate goes over a run. */
export const scheduleNames = ['one-cycle', 'cosine', 'poly', 'constant'] as const;
export type ScheduleName = (typeof scheduleNames)[number];

/** Half a cosine from 1 to `floor` over the steps (Loshchilov & Hutter 2017, without restarts). */
export const cosine = (step: number, steps: number, floor = 0): number =>
  floor + ((1 - floor) * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps))) / 2;

/** (1 - step / steps) ^ power, as segmentation networks use it (DeepLab: 0.9). */
export const poly = (step: number, steps: number, power = 0.9): number =>
  (1 - Math.min(step, steps) / steps) ** power;

/** Rises linearly from peak / warm-up steps to the peak, then follows `rest` over what is left of the run. */
export const withWarmup = (
  warmup: number,
  rest: (step: number, steps: number) => number,
): ((step: number, steps: number) => number) => {
  return (step, steps) => {
    const rise = Math.min(steps - 1, Math.round(warmup * steps));
    return step < rise ? (step + 1) / (rise + 1) : rest(step - rise, steps - rise);
  };
};

export interface ScheduleOptions {
  readonly schedule: ScheduleName;
  readonly steps: number;
  /** The peak. */
  readonly learningRate: number;
  /** Share of the steps over which the rate rises. */
  readonly warmup: number;
}

/** The learning rate at a step, 0-based. */
export function scheduleOf({
  schedule,
  steps,
  learningRate,
  warmup,
}: ScheduleOptions): (step: number) => number {
  if (schedule === 'one-cycle') return (step) => oneCycle(step, steps, learningRate, warmup);
  const shapes = { cosine, poly, constant: () => 1 };
  const shape = withWarmup(warmup, shapes[schedule]);
  return (step) => learningRate * shape(step, steps);
}
