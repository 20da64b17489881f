import { disposeNetwork } from '@nerfseg/backbone';
import { dataError } from '@nerfseg/geometry';
import { type Precision, precisions } from '@nerfseg/ops';
import { evaluate } from '@nerfseg/ssl';
import { Command, Option } from 'commander';
import { type OpenedDataset, openDataset } from '../data/open-dataset.js';
import { startEngine, withEngine } from '../engine/start-engine.js';
import { type DatasetFlags, selectionOf, withDatasetOptions } from '../options/dataset-options.js';
import { chosenFrames, frameRanges } from '../options/frame-ranges.js';
import { distancesOf, wholeNumber } from '../options/numbers.js';
import { distanceTable } from '../report/distance-table.js';
import { thousands } from '../report/numbers.js';
import { scoresByClass, scoresTable } from '../report/scores-table.js';
import { type CommandContext, terminalFor, withQuiet } from '../terminal/command-context.js';
import { fail, need } from '../terminal/failure.js';
import { stopIfInterrupted } from '../terminal/stop-if-interrupted.js';
import type { Terminal } from '../terminal/terminal.js';
import { openWeightsFor } from '../training/open-weights-for.js';
import { predictFrame } from '../training/predict-frame.js';
import type { RunWeights } from '../training/weights-file.js';
import { finishSubmission, writePrediction } from '../training/write-prediction.js';

interface EvalFlags extends DatasetFlags {
  readonly frames?: number[];
  readonly predictions?: string;
  readonly tta?: number;
  readonly distances?: number[];
  readonly scores: boolean;
  readonly engine: string;
  readonly precision?: Precision;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const examples = `
Examples:
  $ nerfseg eval runs/nerf data/nuscenes
  $ nerfseg eval runs/kitti-few data/semantickitti --frames 1-2
  $ nerfseg eval runs/nerf data/nuscenes --predictions submission
  $ nerfseg eval runs/nerf/best.safetensors data/nuscenes --tta 8 --distances 0,20,40
  $ nerfseg eval runs/nerf data/semantickitti --split test --predictions submission --no-scores

Predictions are laid out as the benchmarks want them: zip the folder and hand it in.`;

/** `nerfseg eval RUN PATH`: a trained network scored on a split, or its predictions written. */
export const evalCommand = (context: CommandContext): Command =>
  withEngine(withQuiet(withDatasetOptions(new Command('eval'))))
    .description(
      "Score a run's network: IoU per class and mIoU, of points and of voxels; write its predictions.",
    )
    .argument('<run>', 'folder of a run, or its weights file')
    .argument('<path>', 'folder of a nuScenes, SemanticKITTI or ScribbleKITTI data set')
    .option(
      '--frames <ranges>',
      "frames to score, numbered as inspect shows them; default: the 'val' split",
      frameRanges,
    )
    .option(
      '--tta <n>',
      'test-time augmentation: average over n turned and mirrored views; n times as long',
      wholeNumber(1),
    )
    .option(
      '--distances <list>',
      'metres where ranges of distance begin; default: 0,10,20,30,40,50',
      distancesOf,
    )
    .addOption(
      new Option(
        '--precision <name>',
        'what convolutions round their factors to; float16 needs --engine webgpu; default: float32',
      ).choices(precisions),
    )
    .option('--predictions <folder>', "also write every frame's predictions, as the benchmark takes them")
    .addOption(new Option('--no-scores', 'predict only: for frames without labels').conflicts('distances'))
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action((run: string, path: string, flags: EvalFlags) => evaluateRun(context, run, path, flags));

async function evaluateRun(
  context: CommandContext,
  run: string,
  path: string,
  flags: EvalFlags,
): Promise<void> {
  const terminal = terminalFor(context, flags);
  const split = flags.split ?? (flags.frames || flags.sequences ? 'all' : 'val');
  const opened = await need(openDataset(path, { ...selectionOf(flags), split }));
  const { dataset, description } = opened;
  // As the benchmark names it: 'val' of v1.0-mini is 'mini_val'.
  const evaluationSet = description.split ?? split;
  const frames = chosenFrames(flags.frames, dataset);
  if (frames._tag === 'Left') return fail(frames.left);
  const engine = await startEngine(flags.engine, terminal);
  if (flags.precision === 'float16' && engine.name !== 'webgpu')
    return fail(
      dataError(
        'unavailable',
        'nerfseg eval',
        '--precision',
        `float16 on ${engine.name}`,
        'float16 on webgpu',
      ),
    );
  const weights = await need(openWeightsFor(run, dataset));
  try {
    if (flags.scores) await score(opened, frames.right, weights, evaluationSet, flags, terminal);
    else await predict(opened, frames.right, weights, evaluationSet, flags, terminal);
  } finally {
    disposeNetwork(weights.network);
  }
}

async function score(
  { dataset, format }: OpenedDataset,
  frames: readonly number[],
  { network, grid }: RunWeights,
  evaluationSet: string,
  { predictions, json, tta = 1, distances, precision }: EvalFlags,
  terminal: Terminal,
): Promise<void> {
  const progress = terminal.progress('evaluate', frames.length);
  const evaluation = await need(
    evaluate(network, dataset, frames, {
      grid,
      views: tta,
      ...(distances ? { distances } : {}),
      ...(precision ? { precision } : {}),
      signal: terminal.signal,
      onProgress: (done) => progress.update(done),
      ...(predictions
        ? {
            onPrediction: (index, found) =>
              writePrediction(
                predictions,
                format,
                evaluationSet,
                dataset.labelSpace,
                dataset.frame(index),
                found,
              ),
          }
        : {}),
    }),
  ).finally(progress.stop);
  if (predictions) await need(finishSubmission(predictions, format, evaluationSet));
  const { point, voxel, official } = evaluation;
  if (json)
    terminal.print(
      JSON.stringify(
        {
          dataset: dataset.name,
          frames: frames.length,
          pointMiou: point.miou,
          voxelMiou: voxel.miou,
          perClass: scoresByClass(point.perClass, dataset.labelSpace),
          perClassVoxel: scoresByClass(voxel.perClass, dataset.labelSpace),
          points: point.count,
          voxels: voxel.count,
          views: tta,
          officialMiou: official.scores.miou,
          byDistance: official.byDistance.map(({ from, to, scores }) => ({
            from,
            to: to ?? null,
            miou: scores.miou,
            points: scores.count,
            perClass: scoresByClass(scores.perClass, dataset.labelSpace),
          })),
        },
        undefined,
        2,
      ),
    );
  else {
    terminal.print(
      `${dataset.name}: ${frames.length} frames, ${thousands(point.count)} labelled points, ${thousands(voxel.count)} labelled voxels\n`,
    );
    terminal.print(scoresTable(evaluation, dataset.labelSpace));
    terminal.print(`\nPoints, by distance:\n${distanceTable(official, dataset.labelSpace)}`);
    if (predictions) terminal.print(`\nPredictions: ${predictions}`);
  }
}

async function predict(
  { dataset, format }: OpenedDataset,
  frames: readonly number[],
  { network, grid }: RunWeights,
  evaluationSet: string,
  { predictions, tta = 1, json, precision }: EvalFlags,
  terminal: Terminal,
): Promise<void> {
  if (predictions === undefined)
    return fail(
      dataError('not-found', 'nerfseg eval', '--predictions', 'nothing', 'a folder, with --no-scores'),
    );
  const progress = terminal.progress('predict', frames.length);
  try {
    for (const [done, index] of frames.entries()) {
      stopIfInterrupted(terminal, dataset.name, `${done} of ${frames.length} frames predicted`);
      const frame = dataset.frame(index);
      await need(
        writePrediction(
          predictions,
          format,
          evaluationSet,
          dataset.labelSpace,
          frame,
          await need(predictFrame(network, frame, grid, tta, precision ? { precision } : {})),
        ),
      );
      progress.update(done + 1);
    }
  } finally {
    progress.stop();
  }
  await need(finishSubmission(predictions, format, evaluationSet));
  terminal.print(
    json
      ? JSON.stringify(
          { dataset: dataset.name, frames: frames.length, views: tta, predictions },
          undefined,
          2,
        )
      : `${frames.length} frames predicted: ${predictions}`,
  );
}
