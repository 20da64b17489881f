import { availableParallelism } from 'node:os';
import type { Context } from './context.js';
import { duration, estimatedSeconds } from './costs.js';
import { simulateWorlds } from './data.js';
import { hasResult, type RunResult, readResults } from './results.js';
import { runApart } from './run-apart.js';
import { runOne } from './run-one.js';
import { planOf } from './settings.js';
import { type RunSpec, runId, trainedAs } from './spec.js';
import { worlds } from './worlds.js';

export interface ExecuteOptions {
  /** Seconds that may be used; a run that would not fit is passed over for shorter ones behind it. */
  readonly budget?: number;
  /** Runs at a time, each in a process of its own; default 1, in this one. */
  readonly jobs?: number;
  /** Only say what would be run and what it would cost. */
  readonly dryRun?: boolean;
}

/** Runs what has no result yet, in order, as long as it fits. Every run may be interrupted and goes on next time. */
export async function execute(
  specs: readonly RunSpec[],
  context: Context,
  { budget = Number.POSITIVE_INFINITY, dryRun = false, jobs = 1 }: ExecuteOptions = {},
): Promise<void> {
  const start = performance.now();
  const spent = (): number => (performance.now() - start) / 1000;
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
    const left = budget - spent();
    const cost = costOf(spec, context);
    if (left > 0 && (cost ?? 0) <= left) {
      context.note(`${runId(spec)}${cost === undefined ? '' : `: about ${duration(cost)}`}`);
      return spec;
    }
    context.note(
      `${runId(spec)}: not now; ${cost === undefined ? 'its cost is unknown' : `about ${duration(cost)}`}, ${duration(Math.max(0, left))} left`,
    );
    return next();
  };
  let simulated = Promise.resolve();
  const apart = async (spec: RunSpec): Promise<RunResult | undefined> => {
    // Two processes must not simulate one world.
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

const costOf = (spec: RunSpec, { results }: Context): number | undefined => {
  const range = worlds[spec.dataset]?.simulation.lidar?.range;
  const measured = readResults(results);
  // Where the network is there already, it is only scored.
  if (runId(trainedAs(spec)) !== runId(spec) && hasResult(results, trainedAs(spec))) {
    const scoring = measured.flatMap(({ scoringSeconds }) => scoringSeconds ?? []).sort((a, b) => a - b);
    return scoring[scoring.length >> 1];
  }
  const { settings } = planOf(spec, 2, typeof range === 'number' ? range : undefined);
  return estimatedSeconds(spec, settings.steps, measured);
};

/** A run that several tables need is made once. */
function distinct(specs: readonly RunSpec[]): RunSpec[] {
  const byId = new Map<string, RunSpec>();
  for (const spec of specs) if (!byId.has(runId(spec))) byId.set(runId(spec), spec);
  return [...byId.values()];
}
