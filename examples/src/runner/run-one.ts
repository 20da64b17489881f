import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { disposeNetwork, saveNetwork } from '@nerfseg/backbone';
import { writeFileAtomic } from '@nerfseg/files';
import { createRandom } from '@nerfseg/geometry';
import { selectEngine } from '@nerfseg/ops';
import { disposeNerfHead } from '@nerfseg/render';
import { evaluate, type TrainResult, train } from '@nerfseg/ssl';
import { commit } from './commit.js';
import type { Context } from './context.js';
import { openData, type RunData } from './data.js';
import { need } from './need.js';
import { type RunResult, readResult, writeResult } from './results.js';
import { runFolder, weightsFile } from './run-folder.js';
import { scoreShared } from './score-shared.js';
import { planOf, type RunPlan } from './settings.js';
import { type RunSpec, runId } from './spec.js';

/** What may be looked at while a run's network lives. */
export interface Trained {
  readonly result: TrainResult;
  readonly plan: RunPlan;
  readonly data: RunData;
}

/**
 * Trains and scores one run, and writes its result. Interrupted, it goes on in its folder where it stopped.
 *
 * @returns the result, from its file where it is already there.
 */
export async function runOne(spec: RunSpec, context: Context): Promise<RunResult> {
  const before = readResult(context.results, spec);
  if (before) return before;
  const engine = await need(() => selectEngine(context.engine));
  return withTrained(spec, context, async ({ result, plan, data }) => {
    const start = performance.now();
    const { dataset, frames } = data.scored;
    const options = { grid: plan.grid, signal: context.signal };
    const scores =
      spec.scoredOver === 'shared'
        ? await scoreShared(result.network, data.dataset.labelSpace, data.scored, options)
        : await need(evaluate(result.network, dataset, frames, options));
    const scoringSeconds = (performance.now() - start) / 1000;
    const found: RunResult = {
      ...spec,
      id: runId(spec),
      command: context.command,
      commit,
      engine: engine.name,
      threads: engine.threads,
      steps: plan.settings.steps,
      labelled: data.labelled.length,
      unlabelled: data.unlabelled.length,
      scored: frames.length,
      seconds: Math.round(secondsOf(context, spec) + scoringSeconds),
      scoringSeconds: Math.round(scoringSeconds),
      pointMiou: scores.point.miou,
      voxelMiou: scores.voxel.miou,
      perClass: Object.fromEntries(
        dataset.labelSpace.names.slice(1).map((name, c) => [name, scores.point.perClass[c + 1] ?? null]),
      ),
    };
    await writeResult(context.results, found);
    return found;
  });
}

/** Trains a run, or takes it up where it stopped, and lends its networks. */
export async function withTrained<A>(
  spec: RunSpec,
  context: Context,
  use: (trained: Trained) => Promise<A>,
): Promise<A> {
  await need(() => selectEngine(context.engine));
  const data = await openData(spec, context);
  const plan = planOf(spec, data.dataset.labelSpace.names.length, data.far);
  const id = runId(spec);
  const folder = runFolder(context, spec);
  let before = secondsOf(context, spec);
  let last = performance.now();
  let told = last;
  const result = await need(
    train({
      dataset: data.dataset,
      labelled: data.labelled,
      unlabelled: data.unlabelled,
      ...plan,
      masks: data.masks,
      random: createRandom(`train ${spec.seed}`),
      runFolder: folder,
      signal: context.signal,
      ...(data.description && context.readAhead !== false
        ? { readAhead: { description: data.description, workers: 1 } }
        : {}),
      onNote: context.note,
      onProgress: ({ step, steps, losses }) => {
        const now = performance.now();
        before += (now - last) / 1000;
        last = now;
        if (step < steps && now - told < 10000) return;
        told = now;
        context.note(`${id}: step ${step} of ${steps}, labels' loss ${losses.labels?.toFixed(3)}`);
      },
    }),
  ).finally(() => saveSeconds(folder, before));
  try {
    await need(saveNetwork(weightsFile(context, spec), result.network, {}));
    return await use({ result, plan, data });
  } finally {
    disposeNetwork(result.network);
    if (result.head) disposeNerfHead(result.head);
  }
}

/** Seconds that a run took before, over all its interruptions. */
function secondsOf(context: Context, spec: RunSpec): number {
  const file = join(runFolder(context, spec), 'seconds');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) || 0 : 0;
}

async function saveSeconds(folder: string, seconds: number): Promise<void> {
  if (!existsSync(folder)) return;
  await need(writeFileAtomic(join(folder, 'seconds'), new TextEncoder().encode(seconds.toFixed(1))));
}
