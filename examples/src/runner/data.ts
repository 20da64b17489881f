import { join } from 'node:path';
import {
  type DatasetDescription,
  type FrameDataset,
  labelFraction,
  openDataset,
  relabelled,
} from '@nerfseg/datasets';
import { createRandom, dataError } from '@nerfseg/geometry';
import { cachedMasks } from '@nerfseg/pseudolabel';
import { simulateDataset } from '@nerfseg/sim';
import type { MasksOf } from '@nerfseg/ssl';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Context } from './context.js';
import { openKittiFrames } from './kitti-frames.js';
import { listedLabels } from './listed-labels.js';
import { mergedClasses } from './merged-classes.js';
import { Failure, need } from './need.js';
import { openSam } from './open-sam.js';
import { sharedClasses } from './shared-classes.js';
import type { RunSpec } from './spec.js';
import { truthMasks, usualCorruption } from './truth-masks.js';
import { type World, worlds } from './worlds.js';

/** What a run learns from and is scored on. */
export interface RunData {
  readonly dataset: FrameDataset;
  /** As plain data, where reading threads can open it. */
  readonly description?: DatasetDescription;
  readonly labelled: readonly number[];
  readonly unlabelled: readonly number[];
  readonly scored: { readonly dataset: FrameDataset; readonly frames: readonly number[] };
  readonly masks: MasksOf;
  /** Metres that a simulated world reaches; undefined for real data. */
  readonly far?: number;
}

/** Opens a run's data; a simulated world is simulated first, or as far as it is missing. */
export async function openData(spec: RunSpec, context: Context): Promise<RunData> {
  const world = worlds[spec.dataset];
  if (world) return openWorldData(spec, world, context);
  if (!context.data)
    throw new Failure(
      dataError(
        'not-found',
        'arguments',
        '--data',
        'nothing',
        `the path of the data set for ${spec.dataset}`,
      ),
    );
  const masks = await realMasks(spec, context);
  if (spec.dataset === 'kitti-frames') return { ...(await openKittiFrames(context.data)), masks };
  const description = { format: formatOf(spec.dataset), root: context.data, split: 'train' } as const;
  const dataset = await need(openDataset(description));
  const split = context.labelsList
    ? await listedLabels(context.labelsList, dataset, spec.fraction)
    : labelsOf(dataset, spec);
  const scored = await need(openDataset({ ...description, split: 'val' }));
  return { dataset, description, ...split, scored: { dataset: scored, frames: every(scored.length) }, masks };
}

const every = (length: number): number[] => Array.from({ length }, (_, i) => i);

/** All frames of a world are opened by folder, for the split's two parts have the same classes. */
async function openWorldData(spec: RunSpec, world: World, context: Context): Promise<RunData> {
  const root = await simulateWorld(spec.dataset, world, context);
  const { format } = world.simulation;
  const plain = await need(openDataset({ format, root, split: 'train' }));
  const classes = mergedClasses(plain.labelSpace);
  const description = { format, root, split: 'train', classes } as const;
  const dataset = relabelled(plain, classes);
  const scoredWorld = spec.scoredWorld === undefined ? world : worldNamed(spec.scoredWorld);
  const scoredRoot =
    spec.scoredWorld === undefined ? root : await simulateWorld(spec.scoredWorld, scoredWorld, context);
  const scoredPlain = await need(
    openDataset({ format: scoredWorld.simulation.format, root: scoredRoot, split: 'val' }),
  );
  const over = (spec.scoredOver === 'shared' ? sharedClasses : mergedClasses)(scoredPlain.labelSpace);
  if (spec.scoredOver === undefined && over.labelSpace.name !== classes.labelSpace.name)
    throw new Error(`${spec.dataset} and ${spec.scoredWorld} have other classes: score over shared ones`);
  const scored = relabelled(scoredPlain, over);
  const tuned = scoredWorld.tuneScenes * scoredWorld.simulation.framesPerScene;
  const frames = every(scored.length).filter((i) => i < tuned === (spec.scoredOn === 'tune'));
  const range = world.simulation.lidar?.range;
  return {
    dataset,
    description,
    ...labelsOf(dataset, spec),
    scored: { dataset: scored, frames },
    // Masks know the simulator's own classes.
    masks: truthMasks(
      root,
      plain,
      { ...usualCorruption, ...spec.corruption },
      join(context.work, 'masks', spec.dataset),
    ),
    far: typeof range === 'number' ? range : 50,
  };
}

const labelsOf = (dataset: FrameDataset, { fraction, seed }: RunSpec) =>
  labelFraction(dataset, fraction / 100, createRandom(`labels ${seed}`));

const worldNamed = (name: string): World => {
  const world = worlds[name];
  if (!world)
    throw new Failure(
      dataError('not-found', 'run', 'world', name, `one of ${Object.keys(worlds).join(', ')}`),
    );
  return world;
};

/** Simulates the worlds that a run learns from and is scored on, where they are not there yet. */
export async function simulateWorlds({ dataset, scoredWorld }: RunSpec, context: Context): Promise<void> {
  for (const name of [dataset, scoredWorld])
    if (name !== undefined && worlds[name]) await simulateWorld(name, worlds[name], context);
}

/** Where a world lies, after simulating what is missing of it. */
export async function simulateWorld(name: string, { simulation }: World, context: Context): Promise<string> {
  const root = join(context.work, 'worlds', name);
  let told = 0;
  await need(
    simulateDataset({
      ...simulation,
      root,
      signal: context.signal,
      onNote: context.note,
      onProgress: ({ done, total }) => {
        if (done !== total && performance.now() - told < 5000) return;
        told = performance.now();
        context.note(`simulating ${name}: ${done} of ${total} frames`);
      },
    }),
  );
  return root;
}

async function realMasks({ sam }: RunSpec, context: Context): Promise<MasksOf> {
  const source = cachedMasks(await openSam(sam), join(context.work, 'masks'));
  return (view) => TE.Monad.chain(view.image(), (picture) => source.segment(picture, view.imagePath));
}

const formatOf = (name: string): 'nuscenes' | 'semantickitti' | 'scribblekitti' => {
  if (name === 'nuscenes' || name === 'semantickitti' || name === 'scribblekitti') return name;
  throw new Failure(
    dataError(
      'not-found',
      'run',
      'data set',
      name,
      `nuscenes, semantickitti, scribblekitti, kitti-frames, or one of ${Object.keys(worlds).join(', ')}`,
    ),
  );
};
