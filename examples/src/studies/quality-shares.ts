import type { Quality } from './count-point-labels.js';

/** Of all rows together: right, percent of the labelled points; labelled, percent of those seen; undefined of none. */
export function qualityShares(rows: readonly Quality[]): {
  readonly right: number | undefined;
  readonly labelled: number | undefined;
} {
  const sum = (of: keyof Quality): number => rows.reduce((total, row) => total + row[of], 0);
  const [seen, labelled] = [sum('seen'), sum('labelled')];
  return {
    right: labelled === 0 ? undefined : (100 * sum('right')) / labelled,
    labelled: seen === 0 ? undefined : (100 * labelled) / seen,
  };
}
