import { execute } from './runner/execute.js';
import type { RunSpec } from './runner/spec.js';
import { script } from './runner/study.js';
import { studies } from './studies/index.js';
import { updateReadme } from './tables/update-readme.js';

/** First what says whether the benchmark is in its regime, and the paper's claim with one seed; then all tables. */
const first: readonly RunSpec[] = [
  ...([1, 100] as const).map(
    (fraction): RunSpec => ({ method: 'supervised', dataset: 'nuscenes-like', fraction, seed: 0 }),
  ),
  ...(['nerf', 'mean-teacher', 'projection', 'nerf-mean-teacher', 'lasermix', 'nerf-lasermix'] as const).map(
    (method): RunSpec => ({ method, dataset: 'nuscenes-like', fraction: 1, seed: 0 }),
  ),
];

await script(
  'run-all',
  'Every study, in order of value, as far as the budget goes.',
  async ({ context, seeds, budget, dryRun }) => {
    const all = studies.flatMap((study) => study.runs(seeds));
    // A seed of the nuScenes-like table is worth more than another data set's.
    const leading = all.filter(({ dataset, fraction }) => dataset === 'nuscenes-like' && fraction === 1);
    const options = { dryRun, ...(budget === undefined ? {} : { budget }) };
    await execute([...first, ...leading, ...all], context, options);
    if (!dryRun) updateReadme(context.results);
  },
);
