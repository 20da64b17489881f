import { join } from 'node:path';
import { readKind } from '../runner/json-results.js';
import { markdown } from '../tables/cells.js';
import type { ConflictCounts, Conflicts } from './count-conflicts.js';

/** Who is right where masks and points contradict each other, as `results/conflicts.*.json` keeps it. */
export interface ConflictResult extends ConflictCounts {
  readonly kind: 'conflicts';
  readonly dataset: string;
  readonly seed: number;
  readonly command: string;
  readonly commit: string;
  readonly seconds: number;
  readonly frames: number;
}

export const conflictFile = (folder: string, dataset: string, seed: number): string =>
  join(folder, `conflicts.${dataset}.${seed}.json`);

/** A row for each data set, all seeds together; '' where nothing was measured. */
export function conflictTable(folder: string): string {
  const found = readKind<ConflictResult>(folder, 'conflicts');
  if (found.length === 0) return '';
  const rows = [...new Set(found.map(({ dataset }) => dataset))].map((dataset) => {
    const own = found.filter((result) => result.dataset === dataset);
    const labelled = own.reduce((total, result) => total + result.labelled, 0);
    const verySure = together(own.map((result) => result.verySure));
    const both = together(own.flatMap((result) => [result.verySure, result.sure]));
    return [
      `${dataset} (${own.length})`,
      `${labelled}`,
      percent(both.points, labelled),
      ...[both, verySure].map(
        ({ points, maskRight, pointRight }) =>
          `${percent(maskRight, points)}, ${percent(pointRight, points)} of ${points}`,
      ),
    ];
  });
  return markdown(
    [
      'points in masks that got a class (seeds)',
      'points',
      'sure of another, %',
      'of these right, %: the mask, the point',
      'of the very sure ones',
    ],
    rows,
  );
}

const together = (of: readonly Conflicts[]): Conflicts => {
  const sum = (what: keyof Conflicts): number => of.reduce((total, one) => total + one[what], 0);
  return { points: sum('points'), maskRight: sum('maskRight'), pointRight: sum('pointRight') };
};

const percent = (part: number, of: number): string => (of === 0 ? '-' : ((100 * part) / of).toFixed(1));
