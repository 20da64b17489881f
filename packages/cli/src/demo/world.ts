import { labelFraction, openNuScenes } from '@nerfseg/datasets';
import { createRandom } from '@nerfseg/geometry';
import { type SimulationSummary, simulateDataset } from '@nerfseg/sim';
import type { MaskCache } from '../data/mask-cache.js';
import { need } from '../terminal/failure.js';
import { stopIfInterrupted } from '../terminal/stop-if-interrupted.js';
import type { Terminal } from '../terminal/terminal.js';
import type { RunFrames } from '../training/choose-frames.js';
import type { DemoSettings } from './settings.js';

/** Simulates the demo's world, or finds it there. */
export function simulateWorld(
  root: string,
  seed: number,
  { simulation }: DemoSettings,
  terminal: Terminal,
): Promise<SimulationSummary> {
  const { train = 0, val = 0 } = simulation.scenes ?? {};
  const progress = terminal.progress('simulate', (train + val) * (simulation.framesPerScene ?? 1));
  return need(
    simulateDataset({
      ...simulation,
      seed,
      root,
      signal: terminal.signal,
      onNote: terminal.note,
      onProgress: ({ done, scene }) => progress.update(done, scene),
    }),
  ).finally(progress.stop);
}

/** Opens the world: of the training scenes a share keeps its labels, the validation scenes are scored. */
export async function openWorld(root: string, seed: number, { labelled }: DemoSettings): Promise<RunFrames> {
  const description = { format: 'nuscenes', root, split: 'train' } as const;
  const dataset = await need(openNuScenes(description));
  const validation = await need(openNuScenes({ root, split: 'val' }));
  return {
    format: 'nuscenes',
    dataset,
    description,
    ...labelFraction(dataset, labelled, createRandom(seed).fork('label fraction')),
    validation: { dataset: validation, frames: Array.from({ length: validation.length }, (_, i) => i) },
    notes: [],
  };
}

/** Makes the masks of all unlabelled frames before training needs them. */
export async function makeMasks(
  cache: MaskCache,
  { dataset, unlabelled }: RunFrames,
  terminal: Terminal,
): Promise<void> {
  const views = unlabelled.flatMap((index) => {
    const frame = dataset.frame(index);
    return frame.cameras.map((view) => ({ frame, view }));
  });
  const progress = terminal.progress('masks', views.length);
  try {
    for (const [done, { frame, view }] of views.entries()) {
      stopIfInterrupted(terminal, 'demo', `masks of ${done} of ${views.length} pictures done`);
      const { masks } = await need(cache.masksOf(view, frame));
      progress.update(done + 1, `${masks.length} masks`);
    }
  } finally {
    progress.stop();
  }
}
