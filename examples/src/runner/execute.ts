import { availableParallelism } from 'node:os';
import type { Context } from './context.js';
import { duration } from './costs.js';
import { simulateWorlds } from './data.js';
import { hasResult, type RunResult } from './results.js';
import { runApart } from './run-apart.js';
import { costOf, whyNotNow } from './run-cost.js';
import { runOne } from './run-one.js';
import { type RunSpec, runId, trainedAs } from './spec.js';

export interface ExecuteOptions {
  /** Runs at a time, each in a process of its own; default 1, in this one. */
  readonly jobs?: number;
  /** Only say what would be run and what it would cost. */
  readonly dryRun?: boolean;
}

/** Runs what has no result yet, in order; a run that does not fit into what is left of the budget is passed over for shorter ones behind it. Every run may be interrupted and goes on next time. */
export async function execute(
  specs: readonly RunSpec[],
  context: Context,
  { dryRun = false, jobs = 1 }: ExecuteOptions = {},
): Promise<void> {
  const missing = distinct(specs).filter((spec) => !hasResult(context.results, spec));
  context.note(`${distinct(specs).length - missing.length} runs are done, ${missing.length} are not`);
  let total: number | undefined = 0;
  for (const spec of missing) {
    const cost = costOf(spec, context);
    total = total === undefined || cost === undefined ? undefined : total + cost;
    if (dryRun) context.note(`${runId(spec)}: ${cost === undefined ? 'unknown' : `about ${duration(cost)}`}`);
  }
  if (missing.length > 0)
    context.note(
      total === undefined
        ? 'no run was measured yet: costs are unknown'
        : `all would take about ${duration(total)}`,
    );
  if (dryRun) return;
  const threads = Math.max(1, Math.floor(availableParallelism() / jobs));
  const waiting = [...missing];
  const training = new Set<string>();
  const failures: unknown[] = [];
  /** The next that fits and whose network nobody trains at the moment. */
  const next = (): RunSpec | undefined => {
    const at = waiting.findIndex((spec) => !training.has(runId(trainedAs(spec))));
    const spec = at < 0 ? undefined : waiting.splice(at, 1)[0];
    if (spec === undefined) return undefined;
    const cost = costOf(spec, context);
    const why = whyNotNow(cost, context);
    if (why === undefined) {
      context.note(`${runId(spec)}${cost === undefined ? '' : `: about ${duration(cost)}`}`);
      return spec;
    }
    context.note(`${runId(spec)}: ${why}`);
    return next();
  };
  let simulated = Promise.resolve();
  const apart = async (spec: RunSpec): Promise<RunResult | undefined> => {
    // One at a time and here: with all threads, while the others' runs wait.
    simulated = simulated.then(() => simulateWorlds(spec, context));
    await simulated;
    return runApart(spec, context, threads);
  };
  const work = async (): Promise<void> => {
    while (!context.signal.aborted && failures.length === 0) {
      const spec = next();
      if (spec === undefined) return;
      const network = runId(trainedAs(spec));
      training.add(network);
      try {
        const found = jobs > 1 ? await apart(spec) : await runOne(spec, context);
        if (found) context.note(`${runId(spec)}: ${summary(found)}`);
      } catch (problem) {
        failures.push(problem);
      } finally {
        training.delete(network);
      }
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  if (failures.length > 0) throw failures[0];
}

const summary = ({ pointMiou, voxelMiou, seconds }: RunResult): string => {
  const percent = (x: number): string => (100 * x).toFixed(1);
  return `mIoU of points ${percent(pointMiou)}, of voxels ${percent(voxelMiou)}, ${duration(seconds)}`;
};

/** A run that several tables need is made once. */
function distinct(specs: readonly RunSpec[]): RunSpec[] {
  const byId = new Map<string, RunSpec>();
  for (const spec of specs) if (!byId.has(runId(spec))) byId.set(runId(spec), spec);
  return [...byId.values()];
}
