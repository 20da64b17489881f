import { existsSync } from 'node:fs';
import type { Arguments } from '../runner/command-line.js';
import { commit } from '../runner/commit.js';
import { duration } from '../runner/costs.js';
import { writeJson } from '../runner/json-results.js';
import { withTrained } from '../runner/run-one.js';
import type { RunSpec } from '../runner/spec.js';
import { measureRendering } from './measure-rendering.js';
import { type Placement, placements, type RenderingResult, renderingFile } from './rendering-table.js';

/** Frames that a network is judged by. */
const frames = 16;

/** Whose pictures are judged: the run of Table 1, and the same with samples in the finest voxels first. */
const teacherOf = (learnt: Placement, seed: number): RunSpec => ({
  method: 'nerf',
  dataset: 'nuscenes-like',
  fraction: 1,
  seed,
  ...(learnt === 'evenly' ? {} : { settings: { finestFirst: true } }),
});

/** The runs of a seed whose pictures are judged. */
export const renderingTeachers = (seed: number): RunSpec[] =>
  placements.map((learnt) => teacherOf(learnt, seed));

/** Measures what is missing; networks that were not trained before are. */
export async function runRendering({ context, seeds, dryRun }: Arguments): Promise<void> {
  for (const seed of seeds)
    for (const learnt of placements) {
      const file = renderingFile(context.results, learnt, seed);
      if (existsSync(file) || context.signal.aborted) continue;
      context.note(`rendering, seed ${seed}, learnt with samples ${learnt}: not measured`);
      if (dryRun) continue;
      await withTrained(teacherOf(learnt, seed), context, async (trained) => {
        const start = performance.now();
        const quality = await measureRendering(trained, frames);
        const seconds = Math.round((performance.now() - start) / 1000);
        const { command } = context;
        const found: RenderingResult = {
          kind: 'rendering',
          learnt,
          seed,
          command,
          commit,
          seconds,
          frames,
          quality,
        };
        await writeJson(file, found);
        context.note(`rendering, seed ${seed}, learnt with samples ${learnt}: ${duration(seconds)}`);
      });
    }
}
