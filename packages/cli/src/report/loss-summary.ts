import type { LossRecord } from '@nerfseg/ssl';

/** Means over the first and the last tenth of a run. */
export interface LossSummary {
  readonly first: number;
  readonly last: number;
}

/** How a loss went; steps where it was not a number are left out. */
export function lossSummary(history: readonly Pick<LossRecord, 'losses'>[], name: string): LossSummary {
  const values = history.map(({ losses }) => losses[name] ?? Number.NaN).filter(Number.isFinite);
  const tenth = Math.max(1, Math.round(values.length / 10));
  const mean = (part: readonly number[]): number => part.reduce((sum, value) => sum + value, 0) / part.length;
  return { first: mean(values.slice(0, tenth)), last: mean(values.slice(-tenth)) };
}

/** A step's losses in a few words: `loss 1.23  labels 1.10  density 0.13`. */
export const lossNote = ({ losses }: Pick<LossRecord, 'losses'>): string =>
  Object.entries(losses)
    .filter(([name]) => name !== 'gradientNorm')
    .map(([name, value]) => `${name === 'total' ? 'loss' : name} ${value.toFixed(2)}`)
    .join('  ');

/** `4.05 -> 1.03`. */
export const lossChange = ({ first, last }: LossSummary): string =>
  `${first.toFixed(3)} -> ${last.toFixed(3)}`;
