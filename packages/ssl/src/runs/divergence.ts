import { type DataError, dataError } from '@nerfseg/geometry';
import type { LossRecord } from './record.js';

/** Steps over which losses are averaged, so that one hard batch is no divergence. */
const window = 20;

const stop = (record: LossRecord, term: string, found: string, expected: string): DataError =>
  dataError(
    'diverged',
    `step ${record.step}`,
    `loss term '${term}'`,
    `${found} on ${record.frames.length === 1 ? 'frame' : 'frames'} ${record.frames.join(', ')}`,
    expected,
    'Lower the learning rate, or leave these frames out; the last checkpoint is from before.',
  );

/** A step whose loss or gradient is not a number, with the term and the frames that caused it. */
export function notFinite(record: LossRecord): DataError | undefined {
  // The terms first: the total and the gradient only follow them.
  const names = Object.keys(record.losses).sort(
    (a, b) => Number(a === 'total' || a === 'gradientNorm') - Number(b === 'total' || b === 'gradientNorm'),
  );
  const bad = names.find((name) => !Number.isFinite(record.losses[name]));
  return bad === undefined ? undefined : stop(record, bad, String(record.losses[bad]), 'a finite number');
}

/**
 * A loss term whose mean over the last 20 steps is `factor` times what it was over the first 20 (or 1, where it was
 * less). The step of the window where it was highest is named: that is where to look.
 */
export function diverging(history: readonly LossRecord[], factor: number): DataError | undefined {
  const last = history.at(-1);
  if (factor === 0 || !last || history.length < 2 * window) return undefined;
  for (const name of Object.keys(last.losses)) {
    if (name === 'gradientNorm') continue;
    const mean = (part: readonly LossRecord[]): number =>
      part.reduce((sum, { losses }) => sum + losses[name]!, 0) / part.length;
    const recent = history.slice(-window);
    if (recent.some(({ losses }) => losses[name] === undefined)) continue;
    const begun = history.findIndex(({ losses }) => losses[name] !== undefined);
    const first = history.slice(begun, begun + window);
    if (first.some(({ losses }) => losses[name] === undefined)) continue;
    const limit = factor * Math.max(1, mean(first));
    if (mean(recent) <= limit) continue;
    const worst = recent.reduce((a, b) => (b.losses[name]! > a.losses[name]! ? b : a));
    return stop(
      worst,
      name,
      `${worst.losses[name]!.toFixed(2)} (mean of the last ${window} steps ${mean(recent).toFixed(2)})`,
      `at most ${limit.toFixed(2)}, ${factor} times what it was at first`,
    );
  }
  return undefined;
}
