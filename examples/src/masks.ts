import { maskTables } from './masks/mask-results.js';
import { runMasks } from './masks/run-masks.js';
import { script } from './runner/study.js';
import { updatePages } from './tables/update-pages.js';

await script(
  'masks',
  "Segment-Anything's parameters on real frames (--data); without: its masks beside what stands in for them on simulated pictures.",
  ['data'],
  async (given) => {
    await runMasks(given);
    console.log(maskTables(given.context.results));
    if (!given.dryRun) await updatePages(given.context.results);
  },
);
