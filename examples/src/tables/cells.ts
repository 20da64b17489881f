import type { RunResult } from '../runner/results.js';

/** '51.3 ± 0.8 (3)': mean, deviation between seeds and how many, in percent; '-' of none. */
export function cell(results: readonly RunResult[], of: (result: RunResult) => number = pointMiou): string {
  if (results.length === 0) return '-';
  const values = results.map((result) => 100 * of(result));
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  if (values.length === 1) return `${mean.toFixed(1)} (1)`;
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
  return `${mean.toFixed(1)} ± ${deviation.toFixed(1)} (${values.length})`;
}

export const pointMiou = ({ pointMiou: miou }: RunResult): number => miou;

/** A Markdown table. */
export const markdown = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** A row's name, points, voxels, and points against a baseline's of equal seeds. */
export const comparedRow = (
  name: string,
  own: readonly RunResult[],
  baseline: readonly RunResult[],
): string[] => [name, cell(own), cell(own, ({ voxelMiou }) => voxelMiou), gainCell(gain(own, baseline))];

/**
 * The mean of the differences between two runs of the same seed, in points of mIoU, and of how many seeds; undefined where no seed has both.
 */
export function gain(
  better: readonly RunResult[],
  worse: readonly RunResult[],
): { readonly points: number; readonly seeds: number } | undefined {
  const differences = better.flatMap((one) => {
    const other = worse.find(({ seed }) => seed === one.seed);
    return other ? [100 * (one.pointMiou - other.pointMiou)] : [];
  });
  if (differences.length === 0) return undefined;
  return { points: differences.reduce((a, b) => a + b, 0) / differences.length, seeds: differences.length };
}

/** '+1.3', '-0.4'. */
export const signed = (points: number): string => `${points < 0 ? '' : '+'}${points.toFixed(1)}`;

/** '+1.3 (3)', '-' of none. */
export const gainCell = (found: ReturnType<typeof gain>): string =>
  found ? `${signed(found.points)} (${found.seeds})` : '-';
