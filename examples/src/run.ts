import { dataError } from '@nerfseg/geometry';
import { execute } from './runner/execute.js';
import { labelledByList } from './runner/listed-labels.js';
import { Failure } from './runner/need.js';
import { readSpec } from './runner/read-spec.js';
import { readResults } from './runner/results.js';
import { runId } from './runner/spec.js';
import { script } from './runner/study.js';

await script(
  'run',
  'One run by its specification: for trials, and for tables of your own.',
  ['spec', 'data', 'labels-list'],
  async (given) => {
    const { context, spec, dryRun } = given;
    if (spec === undefined)
      throw new Failure(
        dataError('not-found', 'arguments', '--spec', 'nothing', 'a run as JSON; see --help'),
      );
    const [run] = labelledByList([readSpec(spec)], context);
    if (run === undefined) return;
    await execute([run], context, { dryRun });
    const result = readResults(context.results).find(({ id }) => id === runId(run));
    if (result) console.log(JSON.stringify(result.perClass, null, 2));
  },
);
