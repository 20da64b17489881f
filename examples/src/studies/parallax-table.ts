import { join } from 'node:path';
import { readKind } from '../runner/json-results.js';
import { markdown, signed } from '../tables/cells.js';
import { type Bridge, bridges } from './bridge-labels.js';
import type { Quality } from './count-point-labels.js';
import { displacements } from './parallax-worlds.js';
import { qualityShares } from './quality-shares.js';

/** Which points: all, those of thin classes, those of things that move, those of the same classes that stand. */
export const groups = ['all', 'thin', 'moving', 'of standing things'] as const;
export type GroupName = (typeof groups)[number];

/** Pseudo-labels of one set of cameras, as `results/parallax.*.json` keeps them. */
export interface ParallaxResult {
  readonly kind: 'parallax';
  readonly displacement: string;
  readonly seed: number;
  readonly command: string;
  readonly commit: string;
  /** Of scoring; training and simulating are not in it. */
  readonly seconds: number;
  readonly simulationSeconds: number;
  readonly frames: number;
  readonly quality: Readonly<Record<Bridge, Readonly<Record<GroupName, Quality>>>>;
}

export const parallaxFile = (folder: string, name: string, seed: number): string =>
  join(folder, `parallax.${name.replaceAll(/[^a-z0-9.]+/gi, '-')}.${seed}.json`);

export const readParallax = (folder: string): ParallaxResult[] => readKind(folder, 'parallax');

/** '84.1 of 71.3': right, percent of the labelled points; these, percent of those seen. Over all seeds. */
const cellOf = (rows: readonly Quality[]): string => {
  const { right, labelled } = qualityShares(rows);
  return `${right?.toFixed(1) ?? '-'} of ${labelled?.toFixed(1) ?? '-'}`;
};

/** '+1.9': how much more of the labels is right. */
const leadOf = (rows: readonly Quality[], over: readonly Quality[]): string => {
  const [ours, theirs] = [qualityShares(rows).right, qualityShares(over).right];
  return ours === undefined || theirs === undefined ? '-' : signed(ours - theirs);
};

const rivals = ['straight projection', 'projection', 'silent projection'] as const;

/** Of thin classes: how far rendering is ahead of each projection, by displacement. */
function thinTable(found: readonly ParallaxResult[]): string {
  const ways = ['rendering and points', 'rendering and lit points'] as const;
  const rows = displacements.flatMap(({ name }) => {
    const own = found.filter(({ displacement }) => displacement === name);
    if (own.length === 0) return [];
    const of = (bridge: Bridge): Quality[] => own.map(({ quality }) => quality[bridge].thin);
    const theirs = rivals.map(of);
    return [
      [
        `${name} (${own.length})`,
        ...theirs.map(cellOf),
        ...ways.flatMap((way) => [cellOf(of(way)), theirs.map((rows) => leadOf(of(way), rows)).join(', ')]),
      ],
    ];
  });
  return markdown(['thin classes', ...rivals, ...ways.flatMap((way) => [way, 'ahead of each by'])], rows);
}

/** Right / labelled, percent, by displacement, group of points and way of labelling; '' where nothing was measured. */
export function parallaxTable(folder: string): string {
  const found = readParallax(folder);
  if (found.length === 0) return '';
  const rows = displacements.flatMap(({ name }) => {
    const own = found.filter(({ displacement }) => displacement === name);
    if (own.length === 0) return [];
    return groups.map((group) => [
      `${name} (${own.length}), ${group}`,
      String(own[0]!.quality.teacher[group].seen),
      ...bridges.map((bridge) => cellOf(own.map(({ quality }) => quality[bridge][group]))),
    ]);
  });
  const all = markdown(
    [
      'pseudo-labels that are right, % of the labelled points; these, % of those seen (seeds)',
      'points',
      ...bridges,
    ],
    rows,
  );
  return `${thinTable(found)}\n\n${all}`;
}
