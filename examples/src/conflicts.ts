import { dataError } from '@nerfseg/geometry';
import { labelledByList } from './runner/listed-labels.js';
import { Failure } from './runner/need.js';
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
    const real = context.data === undefined ? undefined : realDataset(context.data);
    if (real !== undefined && real !== 'semantickitti')
      throw new Failure(
        dataError(
          'out-of-range',
          context.data!,
          'data set',
          real,
          'semantickitti, whose first frames are looked at',
        ),
      );
    const teachers = seeds.flatMap((seed) => conflictTeachers(seed, real !== undefined));
    await runConflicts(given, labelledByList(teachers, context));
    console.log(conflictTable(context.results));
    if (!given.dryRun) await updatePages(context.results);
  },
);
