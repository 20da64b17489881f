import { join } from 'node:path';
import { disposeNetwork } from '@nerfseg/backbone';
import { writeFileAtomic } from '@nerfseg/datasets';
import { createRandom } from '@nerfseg/geometry';
import { disposeNerfHead } from '@nerfseg/render';
import { type Evaluation, evaluate, type MasksOf, type TrainResult, train } from '@nerfseg/ssl';
import { type LossSummary, lossNote, lossSummary } from '../report/loss-summary.js';
import { need } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import type { RunFrames } from './choose-frames.js';
import { saveRunHead } from './head-file.js';
import type { RunPlan } from './run-plan.js';
import { saveRunWeights } from './weights-file.js';

/** What came out of a run. */
export interface RunReport {
  /** On the labelled frames: comparable from the first step to the last, whatever terms join on the way. */
  readonly labelsLoss: LossSummary;
  /** All terms; pseudo-labels join after a while, so it may rise. */
  readonly totalLoss: LossSummary;
  readonly seconds: number;
  /** Absent where the run had no frames to score. */
  readonly evaluation?: Evaluation;
}

/**
 * Trains into a folder (`checkpoint/`, `weights.safetensors`, with
 * a NeRF head `head.safetensors`, `history.json`) and scores; a folder that holds part of
 * the same run goes on from there.
 *
 * @param use gets the network while it lives: for pictures.
 */
export async function trainRun(
  folder: string,
  plan: RunPlan,
  frames: RunFrames,
  masksOf: MasksOf | undefined,
  terminal: Terminal,
  use: (result: TrainResult) => Promise<void> = async () => {},
): Promise<RunReport> {
  const { settings, grid, network, seed } = plan;
  const progress = terminal.progress(`train ${settings.method}`, settings.steps);
  const result = await need(
    train({
      dataset: frames.dataset,
      labelled: frames.labelled,
      unlabelled: frames.unlabelled,
      grid,
      network,
      settings,
      ...(masksOf ? { masks: masksOf } : {}),
      random: createRandom(seed),
      signal: terminal.signal,
      checkpointFolder: join(folder, 'checkpoint'),
      onProgress: (record) => progress.update(record.step, lossNote(record)),
    }),
  ).finally(progress.stop);
  try {
    await need(saveRunWeights(folder, result.network, grid));
    if (result.head) await need(saveRunHead(folder, result.head, settings));
    await need(writeFileAtomic(join(folder, 'history.json'), `${JSON.stringify(result.history)}\n`));
    const evaluation = await score(result, plan, frames, terminal);
    await use(result);
    return {
      labelsLoss: lossSummary(result.history, 'labels'),
      totalLoss: lossSummary(result.history, 'total'),
      seconds: result.seconds,
      ...(evaluation ? { evaluation } : {}),
    };
  } finally {
    disposeNetwork(result.network);
    if (result.head) disposeNerfHead(result.head);
  }
}

async function score(
  { network }: TrainResult,
  { grid }: RunPlan,
  { validation }: RunFrames,
  terminal: Terminal,
): Promise<Evaluation | undefined> {
  if (!validation) return undefined;
  const { dataset, frames } = validation;
  const progress = terminal.progress('evaluate', frames.length);
  return need(
    evaluate(network, dataset, frames, {
      grid,
      signal: terminal.signal,
      onProgress: (done) => progress.update(done),
    }),
  ).finally(progress.stop);
}
