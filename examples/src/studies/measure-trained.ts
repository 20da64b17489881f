import { existsSync } from 'node:fs';
import type { Arguments } from '../runner/command-line.js';
import { commit } from '../runner/commit.js';
import { duration } from '../runner/costs.js';
import { writeJson } from '../runner/json-results.js';
import { trainingCost, whyNotNow } from '../runner/run-cost.js';
import { type Trained, withTrained } from '../runner/run-one.js';
import type { RunSpec } from '../runner/spec.js';

/** What every such result says of how it came about. */
type Circumstances = 'command' | 'commit' | 'seconds';

/**
 * Measures something of one trained network and keeps it, unless it is there; a network that was not trained before is, where the budget allows.
 *
 * @param file where the result is kept
 * @param what in the notes
 * @param named what the result is of, which its file begins with
 * @param measure the rest of the result
 */
export async function measureTrained<Result, Named extends keyof Result>(
  { context, dryRun }: Pick<Arguments, 'context' | 'dryRun'>,
  {
    spec,
    file,
    what,
    named,
  }: {
    readonly spec: RunSpec;
    readonly file: string;
    readonly what: string;
    readonly named: Pick<Result, Named>;
  },
  measure: (trained: Trained) => Promise<Omit<Result, Named | Circumstances>>,
): Promise<void> {
  if (existsSync(file) || context.signal.aborted) return;
  context.note(`${what}: not measured`);
  if (dryRun) return;
  const why = whyNotNow(trainingCost(spec, context), context);
  if (why !== undefined) return context.note(`${what}: ${why}`);
  await withTrained(spec, context, async (trained) => {
    const start = performance.now();
    const measured = await measure(trained);
    const seconds = Math.round((performance.now() - start) / 1000);
    await writeJson(file, { ...named, command: context.command, commit, seconds, ...measured });
    context.note(`${what}: ${duration(seconds)}`);
  });
}
