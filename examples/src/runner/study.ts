import { dataError } from '@nerfseg/geometry';
import { updatePages } from '../tables/update-pages.js';
import { type Arguments, type Flag, readArguments } from './command-line.js';
import { execute } from './execute.js';
import { labelledByList, ofThoseLabels } from './listed-labels.js';
import { Failure } from './need.js';
import { realDataset } from './real-dataset.js';
import { type RunResult, readResults } from './results.js';
import type { RunSpec } from './spec.js';

/** One table: which runs it needs, and how it is made of their results. */
export interface Study {
  readonly name: string;
  /** In a line. */
  readonly question: string;
  /** In order of value; `real`: of the data set that was given, in place of the simulated ones. None: not a question to ask of such data. */
  readonly runs: (seeds: readonly number[], real?: string) => readonly RunSpec[];
  /** Markdown, from whatever results there are; '' where there are none. `real` as in `runs`. */
  readonly table: (results: readonly RunResult[], real?: string) => string;
}

/** What is measured on networks that were trained already. */
export interface Measurement {
  readonly run: (given: Arguments) => Promise<void>;
  /** Markdown, from the results in a folder. */
  readonly table: (folder: string) => string;
}

/** A study as a script: runs what is missing, prints the table, and renews the README's. `then`: on simulated data, after the runs. */
export const studyScript = (study: Study, then?: Measurement): Promise<void> =>
  script(study.name, study.question, ['data', 'labels-list', 'seeds', 'jobs'], async (given) => {
    const { context, seeds, jobs, dryRun } = given;
    const real = context.data === undefined ? undefined : realDataset(context.data);
    const specs = labelledByList(study.runs(seeds, real), context);
    if (specs.length === 0)
      throw new Failure(
        real === undefined
          ? dataError(
              'not-found',
              'arguments',
              '--data',
              'nothing',
              'a real data set: no simulated one will do',
            )
          : dataError(
              'out-of-range',
              'arguments',
              '--data',
              context.data!,
              'nothing: simulated data alone will do',
            ),
      );
    await execute(specs, context, { dryRun, jobs });
    console.log(study.table(ofThoseLabels(readResults(context.results), context), real));
    if (then && context.data === undefined) {
      await then.run(given);
      console.log(then.table(context.results));
    }
    if (!dryRun) await updatePages(context.results);
  });

/**
 * Runs a script's body; what is wrong with its input becomes one line and an exit status, an interruption 130. `takes`: the flags that it has a
 * use for, beside those that all have.
 */
export async function script(
  name: string,
  what: string,
  takes: readonly Flag[],
  body: (given: Arguments) => Promise<void>,
): Promise<void> {
  try {
    const given = readArguments(name, what, takes, process.argv.slice(2));
    if (!given) return;
    await body(given);
    if (given.context.signal.aborted) process.exitCode = 130;
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem;
    console.error(problem.message);
    process.exitCode = problem.error.code === 'interrupted' ? 130 : 1;
  }
}
