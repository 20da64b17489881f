import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdown } from '../tables/cells.js';
import { displacements } from './parallax-worlds.js';
import { type Bridge, bridges } from './point-labels.js';

/** Pseudo-labels of one set of cameras, as `results/parallax.*.json` keeps them. */
export interface ParallaxResult {
  readonly kind: 'parallax';
  readonly displacement: string;
  readonly seed: number;
  readonly command: string;
  readonly commit: string;
  readonly seconds: number;
  /** Of all classes together and of thin ones: share that got a label, and of these the share that is right. */
  readonly quality: Readonly<Record<Bridge, Readonly<Record<'all' | 'thin', Quality>>>>;
}

export interface Quality {
  readonly labelled: number;
  readonly right: number;
}

/** What is thin or small in nuScenes' classes. */
export const thinClasses: readonly string[] = ['barrier', 'two_wheeler', 'pedestrian', 'traffic_cone'];

export const parallaxFile = (folder: string, name: string, seed: number): string =>
  join(folder, `parallax.${name.replaceAll(/[^a-z0-9.]+/gi, '-')}.${seed}.json`);

/** Right / labelled, percent, by displacement and way of labelling; '' where nothing was measured. */
export function parallaxTable(folder: string): string {
  const found = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.startsWith('parallax.') && name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ParallaxResult);
  if (found.length === 0) return '';
  const rows = displacements.flatMap(({ name }) => {
    const own = found.filter(({ displacement }) => displacement === name);
    if (own.length === 0) return [];
    const mean = (of: (result: ParallaxResult) => number): string =>
      ((100 * own.reduce((sum, result) => sum + of(result), 0)) / own.length).toFixed(1);
    const share = (bridge: Bridge, group: 'all' | 'thin'): string =>
      `${mean(({ quality }) => quality[bridge][group].right)} of ${mean(({ quality }) => quality[bridge][group].labelled)}`;
    return (['all', 'thin'] as const).map((group) => [
      `${name} (${own.length}), ${group}`,
      ...bridges.map((bridge) => share(bridge, group)),
    ]);
  });
  return markdown(['right, % of the labelled points; these, % of those seen (seeds)', ...bridges], rows);
}
