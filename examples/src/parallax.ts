import { script } from './runner/study.js';
import { parallaxTable } from './studies/parallax-table.js';
import { runParallax } from './studies/run-parallax.js';
import { updatePages } from './tables/update-pages.js';

await script(
  'parallax',
  'Pseudo-labels of LiDAR points by projection and by rendering, as cameras move away in space and time.',
  ['seeds'],
  async (given) => {
    await runParallax(given);
    console.log(parallaxTable(given.context.results));
    if (!given.dryRun) await updatePages(given.context.results);
  },
);
