import { type RunSpec, runId } from '../runner/spec.js';
import { bridges } from './bridges.js';
import { cross } from './cross.js';
import { fraction } from './fraction.js';
import { kitti, kittiMethods } from './kitti.js';
import { lidar } from './lidar.js';
import { fullLabels, regime } from './regime.js';
import { longRuns, steps } from './steps.js';
import { table1, tableMethods } from './table1.js';
import { table2 } from './table2.js';
import { thresholds } from './thresholds.js';
import { runsOf } from './variants.js';

/** The runs that the aims are judged by, of one seed: what is claimed, and what it is claimed against. */
const claimed = (seed: number): RunSpec[] => [
  ...tableMethods.map((method): RunSpec => ({ method, dataset: 'nuscenes-like', fraction: 1, seed })),
  { ...fullLabels.run, seed },
  ...runsOf(longRuns, [seed]),
];

/**
 * What is run when: whether the benchmark is in its regime; the aims with all seeds (and on real frames, where there are some); every
 * question once; then all seeds of all of it. A run that comes twice is made once.
 *
 * @param frames whether KITTI's frames are at hand.
 */
export function inOrderOfValue(
  seeds: readonly number[],
  frames: boolean,
): { readonly first: readonly RunSpec[]; readonly rest: readonly RunSpec[] } {
  const real = frames ? kittiMethods(seeds) : [];
  const questions = [table2, bridges, thresholds, fraction, cross, lidar, table1, steps];
  const first = [...regime.runs(seeds.slice(0, 1)), ...seeds.flatMap(claimed), ...real];
  const known = new Set(first.map(runId));
  const rest = [seeds.slice(0, 1), seeds].flatMap((some) => [
    ...questions.flatMap((study) => study.runs(some)),
    ...(frames ? kitti.runs(some, 'semantickitti') : []),
  ]);
  return { first, rest: rest.filter((spec) => !known.has(runId(spec))) };
}
