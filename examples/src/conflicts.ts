import { kittiFramesFolder } from './runner/real-dataset.js';
import { script } from './runner/study.js';
import { conflictTable } from './studies/conflicts-table.js';
import { conflictTeachers, runConflicts } from './studies/run-conflicts.js';
import { updatePages } from './tables/update-pages.js';

await script(
  'conflicts',
  'Who is right where a mask and a point contradict each other, on simulated data; with --data (KITTI) on its eleven frames.',
  ['data', 'seeds'],
  async (given) => {
    const { context, seeds } = given;
    const real = kittiFramesFolder(context.data) !== undefined;
    await runConflicts(
      given,
      seeds.flatMap((seed) => conflictTeachers(seed, real)),
    );
    console.log(conflictTable(context.results));
    if (!given.dryRun) await updatePages(context.results);
  },
);
