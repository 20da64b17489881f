import { join } from 'node:path';
import type { EngineChoice } from '@nerfseg/ops';
import type { Evaluation } from '@nerfseg/ssl';
import { isLeft } from 'fp-ts/lib/Either.js';
import { runConfig } from '../config/run-config.js';
import { openMaskCache } from '../data/mask-cache.js';
import { fail, need } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import type { RunFrames } from '../training/choose-frames.js';
import { predictFrame } from '../training/predict-frame.js';
import { planRun, type RunPlan } from '../training/run-plan.js';
import { trainRun } from '../training/train-run.js';
import { drawComparisons, drawRendering, shownFrame } from './pictures.js';
import type { DemoSettings } from './settings.js';
import { makeMasks, openWorld, simulateWorld } from './world.js';

export const demoMethods = ['supervised', 'nerf'] as const;
export type DemoMethod = (typeof demoMethods)[number];

/** What the demo found. */
export interface DemoResult {
  readonly frames: RunFrames;
  /** Where the masks came from. */
  readonly masks: string;
  readonly evaluations: ReadonlyMap<DemoMethod, Evaluation>;
  readonly pictures: readonly string[];
}

/**
 * The whole method on a small world: simulate, segment the pictures, train with and without self-supervision from the
 * same labels for as many steps, score both on scenes that neither has seen, and draw what they did. Every stage keeps
 * its work under `<out>/work` and goes on from there.
 */
export async function runDemo(
  out: string,
  seed: number,
  settings: DemoSettings,
  steps: number,
  engine: EngineChoice,
  terminal: Terminal,
): Promise<DemoResult> {
  const work = join(out, 'work', `${settings.name}seed-${seed}`);
  const root = join(work, 'world');
  terminal.note('1/5 simulating drives with a LiDAR and cameras');
  await simulateWorld(root, seed, settings, terminal);
  const frames = await openWorld(root, seed, settings);
  const { masks: maskSettings } = runConfig.parse(settings.config);
  const cache = await need(openMaskCache(join(out, 'work', 'masks'), maskSettings, terminal.note));
  try {
    terminal.note(`2/5 masks by ${cache.source}`);
    await makeMasks(cache, frames, terminal);
    const evaluations = new Map<DemoMethod, Evaluation>();
    const predictions: [string, Uint8Array][] = [];
    const pictures: string[] = [];
    for (const [i, method] of demoMethods.entries()) {
      terminal.note(`${i + 3}/5 training: ${method}, ${steps} steps on ${engine.name}`);
      const plan = planOf(method, seed, settings, steps, frames);
      const folder = join(work, `${method}-${steps}`);
      const { evaluation } = await trainRun(folder, plan, frames, cache, terminal, {
        use: async (result) => {
          predictions.push([method, await need(predictFrame(result.network, shownFrame(frames), plan.grid))]);
          const path = await drawRendering(out, root, result, plan, frames, cache, settings.renderStride);
          if (path) pictures.push(path);
        },
      });
      if (evaluation) evaluations.set(method, evaluation);
    }
    terminal.note('5/5 pictures');
    pictures.push(...(await drawComparisons(out, frames, predictions)));
    return { frames, masks: cache.source, evaluations, pictures };
  } finally {
    await cache.close();
  }
}

function planOf(
  method: DemoMethod,
  seed: number,
  { config }: DemoSettings,
  steps: number,
  frames: RunFrames,
): RunPlan {
  const numClasses = frames.dataset.labelSpace.names.length;
  const own = { ...config, seed, training: { ...config.training, method, steps } };
  const plan = planRun(frames.format, numClasses, runConfig.parse(own));
  return isLeft(plan) ? fail(plan.left) : plan.right;
}
