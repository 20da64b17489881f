import type { MethodName } from '@nerfseg/ssl';
import type { RunResult } from '../runner/results.js';
import { cell, gain, gainCell, markdown } from './cells.js';
import { fullyLabelled, isPlain, resultsOf } from './targets.js';

/** Methods beside supervised-only, by what they learn from; '' is as above. */
const rows: readonly (readonly [needs: string, method: MethodName])[] = [
  ['labels and unlabelled scans', 'mean-teacher'],
  ['', 'lasermix'],
  ['labels, unlabelled scans, and poses of drives', 'multi-view'],
  ['', 'multi-view-lasermix'],
  ['labels, unlabelled scans, and pictures of calibrated cameras', 'projection'],
  ['', 'nerf'],
  ['', 'nerf-mean-teacher'],
  ['', 'nerf-lasermix'],
];

/** For who chooses a method: what each needs, and what it gains with labels of a hundredth of the nuScenes-like scans; '' of none. */
export function methodsTable(results: readonly RunResult[]): string {
  const plain = results.filter((r) => isPlain(r) && r.dataset === 'nuscenes-like' && r.fraction === 1);
  if (plain.length === 0) return '';
  const baseline = resultsOf(plain, 'supervised');
  const row = (needs: string, method: MethodName, runs: readonly RunResult[]): string[] => [
    needs,
    `\`${method}\``,
    cell(runs),
    runs === baseline ? '' : gainCell(gain(runs, baseline)),
  ];
  const full = fullyLabelled(results);
  return markdown(
    ['learns from', '`--method`', 'mIoU of points, % (seeds)', 'gain'],
    [
      row('the labels alone', 'supervised', baseline),
      ...rows.map(([needs, method]) => row(needs, method, resultsOf(plain, method))),
      ...full
        .slice(0, 1)
        .map(({ steps }) =>
          row(`the labels of all scans, ${steps.toLocaleString('en')} steps`, 'supervised', full),
        ),
    ],
  );
}
