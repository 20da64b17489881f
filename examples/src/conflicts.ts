import { realDataset } from './runner/real-dataset.js';
import { script } from './runner/study.js';
import { conflictTable } from './studies/conflicts-table.js';
import { conflictTeachers, runConflicts } from './studies/run-conflicts.js';
import { updatePages } from './tables/update-pages.js';

await script(
  'conflicts',
  'Who is right where a mask and a point contradict each other, on simulated data; with --data (KITTI) on its eleven frames.',
  async (given) => {
    const { context, seeds } = given;
    const frames = context.data !== undefined && realDataset(context.data) === 'semantickitti';
    await runConflicts(
      given,
      seeds.flatMap((seed) => conflictTeachers(seed, frames)),
    );
    console.log(conflictTable(context.results));
    if (!given.dryRun) await updatePages(context.results);
  },
);
