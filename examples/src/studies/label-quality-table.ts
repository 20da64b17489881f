import { join } from 'node:path';
import { readKind } from '../runner/json-results.js';
import { markdown } from '../tables/cells.js';
import type { Quality } from './count-point-labels.js';
import { qualityShares } from './quality-shares.js';

/** Pseudo-labels of one network, by how they are made, as `results/labels.*.json` keeps them. */
export interface LabelQualityResult {
  readonly kind: 'labels';
  readonly seed: number;
  readonly command: string;
  readonly commit: string;
  readonly seconds: number;
  readonly frames: number;
  /** By variant of `thresholds`. */
  readonly quality: Readonly<Record<string, Readonly<Record<LabelGroup, Quality>>>>;
}

export const labelGroups = ['all', 'thin'] as const;
export type LabelGroup = (typeof labelGroups)[number];

export const labelQualityFile = (folder: string, seed: number): string => join(folder, `labels.${seed}.json`);

/** Right, percent of the labelled points; these, percent of those seen; over all seeds. '' where nothing was measured. */
export function labelQualityTable(folder: string): string {
  const found = readKind<LabelQualityResult>(folder, 'labels');
  if (found.length === 0) return '';
  const rows = Object.keys(found[0]!.quality).map((variant) => {
    const own = found.flatMap(({ quality }) => quality[variant] ?? []);
    return [
      `${variant} (${own.length})`,
      ...labelGroups.flatMap((group) => cellsOf(own.map((quality) => quality[group]))),
    ];
  });
  return markdown(
    [
      'pseudo-labels of points (seeds)',
      ...labelGroups.flatMap((group) => [`${group}: right, %`, 'labelled, %']),
    ],
    rows,
  );
}

function cellsOf(of: readonly Quality[]): string[] {
  const { right, labelled } = qualityShares(of);
  return [right?.toFixed(1) ?? '-', labelled?.toFixed(1) ?? '-'];
}
