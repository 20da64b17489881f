import type { CaseResult } from './types.js';

export interface Summary {
  readonly cases: number;
  readonly seed: string;
  /** Cases that did not end in a tagged error or a sound result. */
  readonly failures: readonly CaseResult[];
  readonly errors: number;
  readonly sound: number;
  /** The longest case. */
  readonly slowest: { readonly number: number; readonly milliseconds: number };
  readonly seconds: number;
  readonly byTarget: Readonly<
    Record<string, { readonly errors: number; readonly sound: number; readonly seconds: number }>
  >;
  /** How often each tag came first. */
  readonly byTag: Readonly<Record<string, number>>;
}

export const isFailure = ({ outcome }: CaseResult): boolean => outcome !== 'error' && outcome !== 'sound';

export const summarize = (results: readonly CaseResult[], seed: string, seconds: number): Summary => {
  const byTarget: Record<string, { errors: number; sound: number; seconds: number }> = {};
  const byTag: Record<string, number> = {};
  let slowest = { number: -1, milliseconds: 0 };
  for (const { number, target, outcome, detail, milliseconds } of results) {
    byTarget[target] ??= { errors: 0, sound: 0, seconds: 0 };
    byTarget[target].seconds += milliseconds / 1000;
    if (outcome === 'error') {
      byTarget[target].errors++;
      byTag[detail] = (byTag[detail] ?? 0) + 1;
    } else if (outcome === 'sound') byTarget[target].sound++;
    if (milliseconds > slowest.milliseconds) slowest = { number, milliseconds: Math.round(milliseconds) };
  }
  const count = (wanted: CaseResult['outcome']) => results.filter(({ outcome }) => outcome === wanted).length;
  return {
    cases: results.length,
    seed,
    failures: results.filter(isFailure),
    errors: count('error'),
    sound: count('sound'),
    slowest,
    seconds: Math.round(seconds),
    byTarget,
    byTag,
  };
};
