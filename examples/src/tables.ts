import { script } from './runner/study.js';
import { updatePages } from './tables/update-pages.js';

await script('tables', 'Makes the tables in examples/README.md anew from the results.', async ({ context }) =>
  updatePages(context.results),
);
