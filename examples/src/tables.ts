import { script } from './runner/study.js';
import { updateReadme } from './tables/update-readme.js';

await script('tables', 'Makes the tables in examples/README.md anew from the results.', async ({ context }) =>
  updateReadme(context.results),
);
