import { script } from './runner/study.js';
import { renderingTable } from './studies/rendering-table.js';
import { runRendering } from './studies/run-rendering.js';
import { updatePages } from './tables/update-pages.js';

await script(
  'rendering',
  'How true pictures are: class and depth along rays through LiDAR returns, by where samples lie on them.',
  ['seeds'],
  async (given) => {
    await runRendering(given);
    console.log(renderingTable(given.context.results));
    if (!given.dryRun) await updatePages(given.context.results);
  },
);
