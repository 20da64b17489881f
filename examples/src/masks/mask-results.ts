import { join } from 'node:path';
import { readKind, writeJson } from '../runner/json-results.js';
import { markdown } from '../tables/cells.js';
import { thinNames } from '../tables/thin.js';
import { calibration, type MaskSetting, samSettings } from './settings.js';

/** Masks of one setting on some pictures, as `results/masks.*.json` keeps them. */
export interface MaskResult {
  readonly kind: 'masks';
  readonly dataset: string;
  readonly setting: string;
  readonly command: string;
  readonly commit: string;
  readonly seconds: number;
  /** Each as often as it was spoilt in another way. */
  readonly pictures: number;
  readonly masks: number;
  /** By class name, of those that occur: labelled points, those in masks, those in masks whose majority they are of. */
  readonly points: Readonly<Record<string, readonly [labelled: number, covered: number, right: number]>>;
  /** Where a trained network was at hand: the same of its pseudo-labels, by projection and by rendering. */
  readonly pseudo?: Readonly<
    Record<string, Readonly<Record<string, readonly [seen: number, labelled: number, right: number]>>>
  >;
}

export const maskFile = (folder: string, dataset: string, setting: string): string =>
  join(folder, `masks.${dataset}.${setting.replaceAll(/[^a-z0-9.]+/gi, '-')}.json`);

export const writeMaskResult = (folder: string, result: MaskResult): Promise<void> =>
  writeJson(maskFile(folder, result.dataset, result.setting), result);

export const readMaskResults = (folder: string): MaskResult[] => readKind(folder, 'masks');

type Counts = readonly [number, number, number];

const sum = (rows: Readonly<Record<string, Counts>>, only?: readonly string[]): Counts =>
  Object.entries(rows)
    .filter(([name]) => !only || only.includes(name))
    .reduce<Counts>(([a, b, c], [, row]) => [a + row[0], b + row[1], c + row[2]], [0, 0, 0]);

const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : ((100 * part) / whole).toFixed(1);

/** '85.1 of 93.8': right, percent of the covered; covered, percent of all. */
const quality = ([all, covered, right]: Counts): string =>
  all === 0 ? '-' : `${percent(right, covered)} of ${percent(covered, all)}`;

/** Both tables: settings of Segment-Anything on real data, and what stands in for it on simulated data; '' where nothing was measured. */
export function maskTables(folder: string): string {
  const results = readMaskResults(folder);
  const datasets = [...new Set(results.map(({ dataset }) => dataset))].sort();
  return datasets
    .map((dataset) => {
      const own = results.filter((result) => result.dataset === dataset);
      const settings: readonly MaskSetting[] = dataset.endsWith('-like') ? calibration : samSettings;
      const rows = settings.flatMap(({ name }) => own.filter(({ setting }) => setting === name));
      const bridges = [...new Set(rows.flatMap(({ pseudo = {} }) => Object.keys(pseudo)))];
      return `${dataset}, ${rows[0]?.pictures ?? 0} pictures:\n\n${markdown(
        [
          '',
          'masks a picture',
          'pure, % of the points covered, %',
          'thin classes',
          ...bridges.map((bridge) => `pseudo-labels: ${bridge}`),
          'seconds a picture',
        ],
        rows.map((row) => [
          row.setting,
          (row.masks / row.pictures).toFixed(1),
          quality(sum(row.points)),
          quality(sum(row.points, thinNames)),
          ...bridges.map((bridge) => (row.pseudo?.[bridge] ? quality(sum(row.pseudo[bridge])) : '-')),
          (row.seconds / row.pictures).toFixed(1),
        ]),
      )}`;
    })
    .join('\n\n');
}
