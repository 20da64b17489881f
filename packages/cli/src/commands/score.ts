import {
  checkSubmission,
  openSubmission,
  type SubmissionScores,
  scoreSubmission,
  subset,
} from '@nerfseg/datasets';
import type { LabelSpace } from '@nerfseg/geometry';
import { Command, Option } from 'commander';
import { foreignOption, openDataset } from '../data/open-dataset.js';
import { type DatasetFlags, selectionOf, withDatasetOptions } from '../options/dataset-options.js';
import { checkFrames, frameRanges } from '../options/frame-ranges.js';
import { distancesOf } from '../options/numbers.js';
import { confusionTable, distanceTable } from '../report/distance-table.js';
import { thousands } from '../report/numbers.js';
import { scoresByClass } from '../report/scores-table.js';
import { type CommandContext, terminalFor, withQuiet } from '../terminal/command-context.js';
import { fail, need } from '../terminal/failure.js';

interface ScoreFlags extends DatasetFlags {
  readonly frames?: number[];
  readonly evaluationSet?: string;
  readonly distances?: number[];
  readonly confusion?: boolean;
  readonly scores: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const examples = `
Examples:
  $ nerfseg score submission data/semantickitti
  $ nerfseg score submission.zip data/nuscenes --distances 0,20,40
  $ nerfseg score submission.zip data/semantickitti --split test --no-scores
  $ nerfseg score submission data/semantickitti --split all --frames 0-2 --confusion

The submission may come from any program: a folder or a zip as the benchmark takes it. The mIoU is the benchmark's own;
on a few frames, where some classes do not occur, the mean over those that do is told as well.`;

/** `nerfseg score SUBMISSION PATH`: a benchmark submission read back, checked and scored. */
export const scoreCommand = (context: CommandContext): Command =>
  withQuiet(withDatasetOptions(new Command('score')))
    .description(
      'Check and score a benchmark submission: IoU per class, mIoU and fwIoU, overall and by distance.',
    )
    .argument('<submission>', 'folder or zip, as SemanticKITTI or nuScenes-lidarseg takes it')
    .argument('<path>', 'folder of the data set that it was made for')
    .option(
      '--frames <ranges>',
      "frames to score, numbered as inspect shows them; default: the 'val' split",
      frameRanges,
    )
    .option('--evaluation-set <name>', 'nuScenes: which set of the submission; default: the only one in it')
    .option(
      '--distances <list>',
      'metres where ranges of distance begin; default: 0,10,20,30,40,50',
      distancesOf,
    )
    .option('--confusion', 'print the confusion matrix, too')
    .addOption(
      new Option('--no-scores', 'check only: for frames without labels').conflicts([
        'distances',
        'confusion',
      ]),
    )
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action((submission: string, path: string, flags: ScoreFlags) => score(context, submission, path, flags));

async function score(context: CommandContext, path: string, root: string, flags: ScoreFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const split = flags.split ?? (flags.frames || flags.sequences ? 'all' : 'val');
  const { dataset: whole, format } = await need(openDataset(root, { ...selectionOf(flags), split }));
  const { distances, evaluationSet } = flags;
  if (evaluationSet !== undefined && format !== 'nuscenes')
    return fail(foreignOption('nerfseg score', '--evaluation-set', evaluationSet, format, 'nuscenes'));
  const frames = flags.frames ? checkFrames(flags.frames, whole, '--frames') : undefined;
  if (frames?._tag === 'Left') return fail(frames.left);
  const dataset = frames ? subset(whole, frames.right) : whole;
  const submission = await need(
    openSubmission(path, dataset, evaluationSet === undefined ? {} : { evaluationSet }),
  );
  const progress = terminal.progress('score', dataset.length);
  const options = {
    signal: terminal.signal,
    onProgress: (done: number) => progress.update(done),
    ...(distances ? { distances } : {}),
  };
  try {
    if (submission.extra > 0)
      terminal.note(`${thousands(submission.extra)} predictions of other frames were left alone.`);
    if (!flags.scores) {
      const found = await need(checkSubmission(submission, dataset, options));
      if (flags.json) terminal.print(JSON.stringify(found, undefined, 2));
      else
        terminal.print(
          `${path}: a complete submission of ${thousands(found.frames)} frames, ${thousands(found.points)} points`,
        );
      return;
    }
    const found = await need(scoreSubmission(submission, dataset, options));
    const { labelSpace } = dataset;
    if (flags.json)
      return terminal.print(JSON.stringify(asJson(dataset.name, found, labelSpace), undefined, 2));
    terminal.print(
      `${dataset.name}: ${thousands(found.frames)} frames, ${thousands(found.scores.count)} labelled points\n`,
    );
    terminal.print(distanceTable(found, labelSpace));
    if (flags.confusion) terminal.print(`\n${confusionTable(found.confusion, labelSpace)}`);
  } finally {
    progress.stop();
    submission.close();
  }
}

const asJson = (
  name: string,
  { frames, scores, miouOfOccurring, confusion, byDistance }: SubmissionScores,
  labelSpace: LabelSpace,
): object => {
  const plain = ({ miou, fwIou, accuracy, perClass, count }: typeof scores): object => ({
    miou,
    fwIou,
    accuracy,
    points: count,
    perClass: scoresByClass(perClass, labelSpace),
  });
  const { numClasses, counts } = confusion;
  return {
    dataset: name,
    frames,
    ...plain(scores),
    miouOfOccurring,
    byDistance: byDistance.map(({ from, to, scores: own }) => ({ from, to: to ?? null, ...plain(own) })),
    confusion: {
      classes: labelSpace.names,
      rowsAreTruth: Array.from({ length: numClasses }, (_, c) =>
        Array.from(counts.subarray(c * numClasses, (c + 1) * numClasses)),
      ),
    },
  };
};
