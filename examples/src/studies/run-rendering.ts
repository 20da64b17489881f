import type { Arguments } from '../runner/command-line.js';
import type { RunSpec } from '../runner/spec.js';
import { measureRendering } from './measure-rendering.js';
import { measureTrained } from './measure-trained.js';
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
export async function runRendering(given: Arguments): Promise<void> {
  for (const seed of given.seeds)
    for (const learnt of placements) {
      const file = renderingFile(given.context.results, learnt, seed);
      const what = `rendering, seed ${seed}, learnt with samples ${learnt}`;
      const named = { kind: 'rendering' as const, learnt, seed };
      await measureTrained<RenderingResult, 'kind' | 'learnt' | 'seed'>(
        given,
        { spec: teacherOf(learnt, seed), file, what, named },
        async (trained) => ({ frames, quality: await measureRendering(trained, frames) }),
      );
    }
}
