import { join } from 'node:path';
import { openDataset, relabelled } from '@nerfseg/datasets';
import { readMovingTruth } from '@nerfseg/sim';
import { commit } from '../runner/commit.js';
import type { Context } from '../runner/context.js';
import { simulateWorld } from '../runner/data.js';
import { writeJson } from '../runner/json-results.js';
import { mergedClasses } from '../runner/merged-classes.js';
import { need } from '../runner/need.js';
import type { Trained } from '../runner/run-one.js';
import { truthMasks, usualCorruption } from '../runner/truth-masks.js';
import { thinNames } from '../tables/thin.js';
import { bridges, labelByBridges } from './bridge-labels.js';
import { countPointLabels, type Motion, qualityOf } from './count-point-labels.js';
import { type GroupName, groups, type ParallaxResult, parallaxFile } from './parallax-table.js';
import { type Displacement, displacedWorld } from './parallax-worlds.js';

/** Scores the pseudo-labels of a trained teacher on the streets of a displacement, and writes the result. */
export async function measureParallax(
  displacement: Displacement,
  seed: number,
  trained: Trained,
  context: Context,
  base?: string,
): Promise<ParallaxResult> {
  const start = performance.now();
  const { name } = displacement;
  const folder = `${base === undefined ? '' : `${base} `}parallax ${name}`.replaceAll(' ', '-');
  const root = await simulateWorld(folder, displacedWorld(displacement, base), context);
  const simulated = performance.now();
  const plain = await need(openDataset({ format: 'nuscenes', root, split: 'train' }));
  const dataset = relabelled(plain, mergedClasses(plain.labelSpace));
  const counts = await countPointLabels(
    trained,
    dataset,
    Array.from({ length: dataset.length }, (_, i) => i),
    bridges,
    labelByBridges(
      truthMasks(root, plain, usualCorruption, join(context.work, 'masks', folder)),
      trained.plan,
    ),
    (frame) => need(readMovingTruth(root, frame)),
  );
  const { names } = dataset.labelSpace;
  const all = names.map((_, id) => id).slice(1);
  const thin = all.filter((id) => thinNames.includes(names[id]!));
  const groupOf: Record<GroupName, readonly [Motion, readonly number[]]> = {
    all: ['all', all],
    thin: ['all', thin],
    moving: ['moving', all],
    'of standing things': ['standing', all.filter((id) => movable.includes(names[id]!))],
  };
  const result: ParallaxResult = {
    kind: 'parallax',
    displacement: name,
    seed,
    command: context.command,
    commit,
    seconds: Math.round((performance.now() - simulated) / 1000),
    simulationSeconds: Math.round((simulated - start) / 1000),
    frames: dataset.length,
    quality: Object.fromEntries(
      bridges.map((bridge) => [
        bridge,
        Object.fromEntries(
          groups.map((group) => {
            const [motion, classes] = groupOf[group];
            return [group, qualityOf(counts[bridge][motion], classes)];
          }),
        ),
      ]),
    ) as ParallaxResult['quality'],
  };
  await writeJson(parallaxFile(context.results, name, seed), result);
  return result;
}

/** Classes whose things move or stand. */
const movable: readonly string[] = ['car', 'large_vehicle', 'two_wheeler', 'pedestrian'];
