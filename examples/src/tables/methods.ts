import type { MethodName } from '@nerfseg/ssl';
import type { RunResult } from '../runner/results.js';
import { cell, gain, gainCell, markdown } from './cells.js';
import { fullyLabelled, isPlain } from './targets.js';

/** Methods by what they learn from; '' is as above. */
const rows: readonly (readonly [needs: string, method: MethodName])[] = [
  ['the labels alone', 'supervised'],
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
  const of = (method: MethodName): RunResult[] => plain.filter((r) => r.method === method);
  const full = fullyLabelled(results);
  return markdown(
    ['learns from', '`--method`', 'mIoU of points, % (seeds)', 'gain'],
    [
      ...rows.map(([needs, method]) => [
        needs,
        `\`${method}\``,
        cell(of(method)),
        method === 'supervised' ? '' : gainCell(gain(of(method), of('supervised'))),
      ]),
      ...(full[0]
        ? [
            [
              `the labels of all scans, ${full[0].steps.toLocaleString('en')} steps`,
              '`supervised`',
              cell(full),
              gainCell(gain(full, of('supervised'))),
            ],
          ]
        : []),
    ],
  );
}
