import { join } from 'node:path';
import { type CameraView, type Frame, type FrameDataset, openDataset, relabelled } from '@nerfseg/datasets';
import type { MasksOf } from '@nerfseg/ssl';
import { isNone } from 'fp-ts/lib/Option.js';
import type { Context } from '../runner/context.js';
import { simulateWorld } from '../runner/data.js';
import { mergedClasses } from '../runner/merged-classes.js';
import { need } from '../runner/need.js';
import { realDataset } from '../runner/real-dataset.js';
import { type Corruption, truthMasks } from '../runner/truth-masks.js';
import { worlds } from '../runner/worlds.js';

/** Pictures on which ways to get masks are compared. */
export interface Pictures {
  /** In results: the world's name, or that of the real data set. */
  readonly name: string;
  readonly dataset: FrameDataset;
  readonly frames: readonly number[];
  readonly views: readonly { readonly frame: Frame; readonly view: CameraView }[];
  /** The simulator's segments, where it made the pictures. */
  readonly truth?: (corruption: Corruption) => MasksOf;
}

/** The first three real frames that have labels, all their cameras. */
export async function realPictures(root: string): Promise<Pictures> {
  const format = realDataset(root);
  const dataset = await need(
    openDataset(format === 'nuscenes' ? { format, root } : { format, root, sequences: ['00'] }),
  );
  const frames: number[] = [];
  for (let i = 0; i < dataset.length && frames.length < 3; i++)
    if (!isNone(await need(dataset.frame(i).labels()))) frames.push(i);
  const views = frames.flatMap((i) => {
    const frame = dataset.frame(i);
    return frame.cameras.map((view) => ({ frame, view }));
  });
  return { name: format, dataset, frames, views };
}

/** Twelve pictures of the scenes that settings are chosen on, spread over scenes and cameras. */
export async function simulatedPictures(world: string, context: Context): Promise<Pictures> {
  const { simulation, tuneScenes } = worlds[world]!;
  const root = await simulateWorld(world, worlds[world]!, context);
  const plain = await need(openDataset({ format: simulation.format, root, split: 'val' }));
  const dataset = relabelled(plain, mergedClasses(plain.labelSpace));
  const tuned = Math.max(1, tuneScenes * simulation.framesPerScene);
  const count = Math.min(12, tuned);
  const frames = Array.from({ length: count }, (_, k) => Math.floor((k * tuned) / count));
  const views = frames.map((i, k) => {
    const frame = dataset.frame(i);
    return { frame, view: frame.cameras[k % frame.cameras.length]! };
  });
  return {
    name: world,
    dataset,
    frames,
    views,
    truth: (corruption) => truthMasks(root, plain, corruption, join(context.work, 'masks', world)),
  };
}
