import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset, relabelled, writeFileAtomic } from '@nerfseg/datasets';
import { dataError } from '@nerfseg/geometry';
import { commit } from './runner/commit.js';
import type { Context } from './runner/context.js';
import { simulateWorld } from './runner/data.js';
import { mergedClasses } from './runner/merged-classes.js';
import { Failure, need } from './runner/need.js';
import { type Trained, withTrained } from './runner/run-one.js';
import { script } from './runner/study.js';
import { truthMasks, usualCorruption } from './runner/truth-masks.js';
import {
  type ParallaxResult,
  parallaxFile,
  parallaxTable,
  type Quality,
  thinClasses,
} from './studies/parallax-table.js';
import { displacedWorld, displacements } from './studies/parallax-worlds.js';
import { bridges, countPointLabels, type LabelCounts } from './studies/point-labels.js';
import { updateReadme } from './tables/update-readme.js';

await script(
  'parallax',
  'Pseudo-labels of LiDAR points by projection and by rendering, as cameras move away in space and time.',
  async ({ context, seeds, dryRun }) => {
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
    for (const seed of seeds) {
      const missing = displacements.filter(
        ({ name }) => !existsSync(parallaxFile(context.results, name, seed)),
      );
      context.note(
        `seed ${seed}: ${missing.length} of ${displacements.length} displacements are not measured`,
      );
      if (dryRun || missing.length === 0) continue;
      await withTrained(
        { method: 'nerf', dataset: 'nuscenes-like', fraction: 1, seed },
        context,
        async (trained) => {
          for (const displacement of missing) {
            if (context.signal.aborted) return;
            await measure(displacement, seed, trained, context);
          }
        },
      );
    }
    console.log(parallaxTable(context.results));
    updateReadme(context.results);
  },
);

async function measure(
  displacement: (typeof displacements)[number],
  seed: number,
  trained: Trained,
  context: Context,
): Promise<void> {
  const start = performance.now();
  const { name } = displacement;
  const worldName = `parallax ${name}`.replaceAll(' ', '-');
  const root = await simulateWorld(worldName, displacedWorld(displacement), context);
  const plain = await need(openDataset({ format: 'nuscenes', root, split: 'train' }));
  const dataset = relabelled(plain, mergedClasses(plain.labelSpace));
  const masks = truthMasks(root, plain, usualCorruption, join(context.work, 'masks', worldName));
  const counts = await countPointLabels(trained, dataset, masks);
  const { names } = dataset.labelSpace;
  const all = names.map((_, id) => id).slice(1);
  const thin = all.filter((id) => thinClasses.includes(names[id]!));
  const quality = Object.fromEntries(
    bridges.map((bridge) => [
      bridge,
      { all: qualityOf(counts[bridge], all), thin: qualityOf(counts[bridge], thin) },
    ]),
  ) as ParallaxResult['quality'];
  const result: ParallaxResult = {
    kind: 'parallax',
    displacement: name,
    seed,
    command: context.command,
    commit,
    seconds: Math.round((performance.now() - start) / 1000),
    quality,
  };
  mkdirSync(context.results, { recursive: true });
  const text = `${JSON.stringify(result, null, 2)}\n`;
  await need(writeFileAtomic(parallaxFile(context.results, name, seed), new TextEncoder().encode(text)));
  context.note(`${name}: done`);
}

function qualityOf({ seen, labelled, right }: LabelCounts, classes: readonly number[]): Quality {
  const sum = (counts: readonly number[]): number => classes.reduce((total, id) => total + counts[id]!, 0);
  return { labelled: sum(labelled) / Math.max(1, sum(seen)), right: sum(right) / Math.max(1, sum(labelled)) };
}
