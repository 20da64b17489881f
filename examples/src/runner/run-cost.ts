import type { Context } from './context.js';
import { duration, estimatedSeconds } from './costs.js';
import { readResults } from './results.js';
import { hasNetwork } from './run-folder.js';
import { planOf } from './settings.js';
import type { RunSpec } from './spec.js';
import { worlds } from './worlds.js';

/** What a run should take, seconds; undefined while nothing was measured. */
export const costOf = (spec: RunSpec, context: Context): number | undefined => {
  const range = worlds[spec.dataset]?.simulation.lidar?.range;
  const measured = readResults(context.results);
  // Where the network is there already, it is only scored.
  if (hasNetwork(context, spec)) {
    const scoring = measured.flatMap(({ scoringSeconds }) => scoringSeconds ?? []).sort((a, b) => a - b);
    return scoring[scoring.length >> 1];
  }
  const { settings } = planOf(spec, 2, typeof range === 'number' ? range : undefined);
  return estimatedSeconds(spec, settings.steps, measured);
};

/** What it takes until a run's network is there: nothing where it was trained; unknown counts for nothing. */
export const trainingCost = (spec: RunSpec, context: Context): number =>
  hasNetwork(context, spec) ? 0 : (costOf(spec, context) ?? 0);

/** Why something of that cost does not fit into what is left of the budget; undefined where it does. Of unknown cost it fits as long as anything is left. */
export const whyNotNow = (
  cost: number | undefined,
  { secondsLeft = () => Number.POSITIVE_INFINITY }: Context,
): string | undefined => {
  const left = secondsLeft();
  if (left > 0 && (cost ?? 0) <= left) return undefined;
  return `not now; ${cost === undefined ? 'its cost is unknown' : `about ${duration(cost)}`}, ${duration(Math.max(0, left))} left`;
};
