import { existsSync } from 'node:fs';
import { dataError } from '@nerfseg/geometry';
import { Failure } from './runner/need.js';
import { withTrained } from './runner/run-one.js';
import { script } from './runner/study.js';
import { measureParallax } from './studies/measure-parallax.js';
import { parallaxFile, parallaxTable } from './studies/parallax-table.js';
import { displacements } from './studies/parallax-worlds.js';
import { updateReadme } from './tables/update-readme.js';

await script(
  'parallax',
  'Pseudo-labels of LiDAR points by projection and by rendering, as cameras move away in space and time.',
  async ({ context, seeds, budget = Number.POSITIVE_INFINITY, dryRun }) => {
    if (context.data)
      throw new Failure(
        dataError(
          'out-of-range',
          'arguments',
          '--data',
          context.data,
          'nothing: cameras of real cars do not move',
        ),
      );
    const start = performance.now();
    for (const seed of seeds) {
      const missing = displacements.filter(
        ({ name }) => !existsSync(parallaxFile(context.results, name, seed)),
      );
      context.note(
        `seed ${seed}: ${missing.length} of ${displacements.length} displacements are not measured`,
      );
      if (dryRun || missing.length === 0) continue;
      // The run of Table 1: where that was made, its network is opened, not trained again.
      await withTrained(
        { method: 'nerf', dataset: 'nuscenes-like', fraction: 1, seed },
        context,
        async (trained) => {
          for (const displacement of missing) {
            if (context.signal.aborted || (performance.now() - start) / 1000 > budget) return;
            const { seconds, simulationSeconds } = await measureParallax(
              displacement,
              seed,
              trained,
              context,
            );
            context.note(`${displacement.name}: ${seconds} s, and ${simulationSeconds} s to simulate`);
          }
        },
      );
    }
    console.log(parallaxTable(context.results));
    if (!dryRun) updateReadme(context.results);
  },
);
