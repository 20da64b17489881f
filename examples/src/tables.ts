import { script } from './runner/study.js';
import { updatePages } from './tables/update-pages.js';

await script(
  'tables',
  'Makes the tables in examples/README.md, examples/TRIALS.md and README.md anew from the results.',
  [],
  async ({ context }) => {
    if (!(await updatePages(context.results)))
      context.note(`${context.results}: not told of, the pages show examples/results`);
  },
);
