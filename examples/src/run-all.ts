import { runMasks } from './masks/run-masks.js';
import { execute } from './runner/execute.js';
import { kittiFramesFolder } from './runner/real-dataset.js';
import { hasResult } from './runner/results.js';
import type { RunSpec } from './runner/spec.js';
import { script } from './runner/study.js';
import { inOrderOfValue } from './studies/order.js';
import { conflictTeachers, runConflicts } from './studies/run-conflicts.js';
import { runLabelQuality } from './studies/run-label-quality.js';
import { parallaxTeacher, runParallax } from './studies/run-parallax.js';
import { renderingTeachers, runRendering } from './studies/run-rendering.js';
import { updatePages } from './tables/update-pages.js';

await script(
  'run-all',
  'Every study, in order of value, as far as the budget goes. With --data (KITTI) its frames, too.',
  ['data', 'seeds', 'jobs'],
  async (given) => {
    const { context, seeds, jobs, dryRun } = given;
    const options = { dryRun, jobs };
    const frames = kittiFramesFolder(context.data) !== undefined;
    const { first, rest } = inOrderOfValue(seeds, frames);
    await execute(first, context, options);
    // What needs no training of its own: a trained network is looked at, or none.
    const { data: _, ...simulated } = context;
    const isTrained = (spec: RunSpec): boolean => hasResult(context.results, spec);
    const taught = seeds.filter((seed) => isTrained(parallaxTeacher(seed)));
    if (!context.signal.aborted) {
      await runParallax({ ...given, seeds: dryRun ? seeds : taught, context: simulated });
      await runLabelQuality({ ...given, context: simulated });
      const contradicted = (real: boolean): RunSpec[] =>
        seeds.flatMap((seed) => conflictTeachers(seed, real).filter(isTrained));
      await runConflicts({ context: simulated, dryRun }, contradicted(false));
      if (frames) await runConflicts({ context, dryRun }, contradicted(true));
      if (!dryRun) await runMasks({ ...given, context: simulated });
      if (!dryRun && frames) await runMasks(given);
    }
    await execute(rest, context, options);
    const pictured = seeds.filter((seed) => renderingTeachers(seed).every(isTrained));
    if (!context.signal.aborted && !dryRun)
      await runRendering({ ...given, seeds: pictured, context: simulated });
    if (!dryRun) await updatePages(context.results);
  },
);
