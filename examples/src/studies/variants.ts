import type { RunResult } from '../runner/results.js';
import { type RunSpec, seedlessId, specOf } from '../runner/spec.js';
import { comparedRow, markdown } from '../tables/cells.js';

/** A row of a study: a run without its seed, under a name. */
export interface Variant {
  readonly name: string;
  readonly run: Omit<RunSpec, 'seed'>;
}

/** Every variant with every seed, all variants of a seed before the next seed. */
export const runsOf = (variants: readonly Variant[], seeds: readonly number[]): RunSpec[] =>
  seeds.flatMap((seed) => variants.map(({ run }) => ({ ...run, seed })));

/** A row for each variant: mIoU, and the difference to the first one with the same seeds; '' where nothing was run. */
export function variantTable(variants: readonly Variant[], results: readonly RunResult[]): string {
  const of = ({ run }: Variant): RunResult[] =>
    results.filter((result) => seedlessId(specOf(result)) === seedlessId(run));
  const first = variants[0] ? of(variants[0]) : [];
  if (variants.every((variant) => of(variant).length === 0)) return '';
  return markdown(
    ['', 'mIoU of points, % (seeds)', 'of voxels', 'against the first row'],
    variants.map((variant) => comparedRow(variant.name, of(variant), first)),
  );
}

/** Tables of variants one below another, each under its title; those of which nothing was run are left out. */
export const variantTables = (
  titled: readonly (readonly [title: string, variants: readonly Variant[]])[],
  results: readonly RunResult[],
): string =>
  titled
    .map(([title, variants]) => [title, variantTable(variants, results)] as const)
    .filter(([, table]) => table !== '')
    .map(([title, table]) => (title === '' ? table : `${title}\n\n${table}`))
    .join('\n\n');
