import { disposeNetwork, type Network } from '@nerfseg/backbone';
import { createRandom, type DataError } from '@nerfseg/geometry';
import { disposeNerfHead } from '@nerfseg/render';
import { type Evaluation, evaluate, type TrainResult, train } from '@nerfseg/ssl';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { MaskCache } from '../data/mask-cache.js';
import { type LossSummary, lossSummary } from '../report/loss-summary.js';
import { need } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import type { RunFrames } from './choose-frames.js';
import { saveRunHead } from './head-file.js';
import type { RunPlan } from './run-plan.js';
import { bestWeightsFile, saveRunWeights, weightsFile } from './weights-file.js';

/** What came out of a run. */
export interface RunReport {
  /** On the labelled frames: comparable from the first step to the last, whatever terms join on the way. */
  readonly labelsLoss: LossSummary;
  /** All terms; pseudo-labels join after a while, so it may rise. */
  readonly totalLoss: LossSummary;
  /** Of training, before all interruptions, too. */
  readonly seconds: number;
  /** Absent where the run had no frames to score. */
  readonly evaluation?: Evaluation;
}

export interface RunHooks {
  /** When the folder has been found empty or this run's own: writes what belongs to the run. */
  readonly begin?: TaskEither<DataError, void>;
  /** Gets the network while it lives: for pictures. */
  readonly use?: (result: TrainResult) => Promise<void>;
}

/**
 * Trains into a folder (`checkpoints/`, `history.jsonl`, TensorBoard's event files, `weights.safetensors`,
 * `head.safetensors` of a NeRF head, and `best.safetensors` where it validates on the way) and scores; a folder that holds part of the same run goes on from
 * there.
 *
 * @param hooks what else is done with it.
 */
export async function trainRun(
  folder: string,
  plan: RunPlan,
  frames: RunFrames,
  masks: MaskCache | undefined,
  terminal: Terminal,
  { begin, use }: RunHooks = {},
): Promise<RunReport> {
  const { settings, grid, network, seed } = plan;
  const reading = lazyProgress((total: number) => terminal.progress('read scans', total));
  const view = lazyProgress(() => terminal.trainView(settings.method, settings.steps));
  let first = Number.POSITIVE_INFINITY;
  masks?.onMade((seconds) => view.get().masks(seconds));
  const result = await need(
    train({
      dataset: frames.dataset,
      labelled: frames.labelled,
      unlabelled: frames.unlabelled,
      grid,
      network,
      settings,
      ...(masks ? { masks: masks.masksOf, masksFrom: masks.identity } : {}),
      ...(begin ? { onOpen: begin } : {}),
      random: createRandom(seed),
      signal: terminal.signal,
      runFolder: folder,
      readAhead: { description: frames.description },
      ...(frames.validation ? { validation: frames.validation } : {}),
      onNote: terminal.note,
      onScan: (done, total) => {
        reading.get(total).update(done);
        if (done === total) reading.stop();
      },
      onProgress: (record) => {
        first = Math.min(first, record.step);
        view.get().step(record);
      },
      onValidation: (record) => view.get().validation(record),
      ...(settings.validateEvery > 0
        ? { onBest: (best: Network) => saveRunWeights(bestWeightsFile(folder), best, grid) }
        : {}),
    }),
  ).finally(() => {
    reading.stop();
    view.stop();
  });
  try {
    await need(saveRunWeights(weightsFile(folder), result.network, grid));
    if (result.head) await need(saveRunHead(folder, result.head, settings));
    const evaluation = await score(result, plan, frames, terminal);
    await use?.(result);
    return {
      labelsLoss: lossSummary(result.history, 'labels'),
      totalLoss: lossSummary(result.history, 'total'),
      seconds: result.seconds + secondsOf(result.history.filter(({ step }) => step < first)),
      ...(evaluation ? { evaluation } : {}),
    };
  } finally {
    disposeNetwork(result.network);
    if (result.head) disposeNerfHead(result.head);
  }
}

/** What steps took that are told of. */
const secondsOf = (steps: TrainResult['history']): number =>
  steps.flatMap(({ seconds }) => Object.values(seconds)).reduce((sum, part) => sum + part, 0);

/** Something to stop that is begun when it is first needed, if it is. */
function lazyProgress<Args extends readonly unknown[], T extends { readonly stop: () => void }>(
  start: (...args: Args) => T,
): { get: (...args: Args) => T; stop: () => void } {
  let begun: T | undefined;
  let stopped = false;
  return {
    get: (...args) => {
      begun ??= start(...args);
      return begun;
    },
    stop: () => {
      if (begun && !stopped) begun.stop();
      stopped = stopped || begun !== undefined;
    },
  };
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
