import { existsSync } from 'node:fs';
import type { Arguments } from '../runner/command-line.js';
import { duration } from '../runner/costs.js';
import { trainingCost, whyNotNow } from '../runner/run-cost.js';
import { withTrained } from '../runner/run-one.js';
import type { RunSpec } from '../runner/spec.js';
import { measureParallax } from './measure-parallax.js';
import { parallaxFile, readParallax } from './parallax-table.js';
import { displacements } from './parallax-worlds.js';

/** Whose pseudo-labels are judged: the run of Table 1. Where that was made, its network is opened, not trained again. */
export const parallaxTeacher = (seed: number): RunSpec => ({
  method: 'nerf',
  dataset: 'nuscenes-like',
  fraction: 1,
  seed,
});

/** Measures what is missing, seed by seed, as far as the budget goes. */
export async function runParallax({ context, seeds, dryRun }: Arguments): Promise<void> {
  const costs = readParallax(context.results)
    .map(({ seconds, simulationSeconds }) => seconds + simulationSeconds)
    .sort((a, b) => a - b);
  const cost = costs[costs.length >> 1];
  for (const seed of seeds) {
    const missing = displacements.filter(
      ({ name }) => !existsSync(parallaxFile(context.results, name, seed)),
    );
    context.note(
      `parallax, seed ${seed}: ${missing.length} of ${displacements.length} displacements are not measured${
        cost === undefined || missing.length === 0 ? '' : `, about ${duration(cost * missing.length)}`
      }`,
    );
    if (dryRun || missing.length === 0) continue;
    const teacher = parallaxTeacher(seed);
    const why = whyNotNow(trainingCost(teacher, context) + (cost ?? 0), context);
    if (why !== undefined) {
      context.note(`parallax, seed ${seed}: ${why}`);
      continue;
    }
    await withTrained(teacher, context, async (trained) => {
      for (const displacement of missing) {
        if (context.signal.aborted || whyNotNow(cost, context) !== undefined) return;
        const found = await measureParallax(displacement, seed, trained, context);
        context.note(
          `${displacement.name}: ${duration(found.seconds)}, and ${duration(found.simulationSeconds)} to simulate`,
        );
      }
    });
  }
}
