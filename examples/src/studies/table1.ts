import type { MethodName } from '@nerfseg/ssl';
import type { RunResult } from '../runner/results.js';
import type { RunSpec } from '../runner/spec.js';
import type { Study } from '../runner/study.js';
import { cell, markdown } from '../tables/cells.js';
import { publishedCell } from '../tables/published.js';
import { isPlain } from '../tables/targets.js';

/** In order of value: what the paper claims first. */
export const tableMethods: readonly MethodName[] = [
  'supervised',
  'nerf',
  'mean-teacher',
  'projection',
  'lasermix',
  'nerf-lasermix',
  'nerf-mean-teacher',
];

const simulated = ['nuscenes-like', 'semantickitti-like', 'scribblekitti-like'] as const;

/** Table 1: data sets x share of labels x methods. */
export const table1: Study = {
  name: 'table1',
  question: 'Three data sets, 1 and 10 % labels, every method: mean and deviation over seeds.',
  runs: (seeds, real) => {
    const runs: RunSpec[] = [];
    const datasets = real ? [real] : simulated;
    for (const dataset of datasets)
      for (const fraction of [1, 10])
        for (const seed of seeds)
          for (const method of tableMethods) runs.push({ method, dataset, fraction, seed });
    return runs;
  },
  table: (results) =>
    datasetTables([...simulated, 'nuscenes', 'semantickitti', 'scribblekitti'], [1, 10], results),
};

function datasetTables(
  datasets: readonly string[],
  fractions: readonly number[],
  results: readonly RunResult[],
): string {
  const plain = results.filter(isPlain);
  const parts: string[] = [];
  for (const dataset of datasets) {
    const own = plain.filter((r) => r.dataset === dataset && fractions.includes(r.fraction));
    if (own.length === 0) continue;
    const rows = tableMethods.map((method) => [
      method,
      ...fractions.flatMap((fraction) => {
        const runs = own.filter((r) => r.method === method && r.fraction === fraction);
        return [
          cell(runs),
          cell(runs, ({ voxelMiou }) => voxelMiou),
          ...(dataset.endsWith('-like') ? [] : [publishedCell(dataset, method, fraction)]),
        ];
      }),
    ]);
    const head = fractions.flatMap((f) => [
      `${f} %, points`,
      `${f} %, voxels`,
      ...(dataset.endsWith('-like') ? [] : [`${f} %, published`]),
    ]);
    parts.push(`${dataset}:\n\n${markdown(['mIoU, % (seeds)', ...head], rows)}`);
  }
  return parts.join('\n\n');
}
