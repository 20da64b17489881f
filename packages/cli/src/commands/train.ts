import { join, resolve } from 'node:path';
import { writeFileAtomic } from '@nerfseg/files';
import { methodNames, methods } from '@nerfseg/ssl';
import { Command, Option } from 'commander';
import { isLeft } from 'fp-ts/lib/Either.js';
import { chain } from 'fp-ts/lib/TaskEither.js';
import { stringify } from 'yaml';
import { type ConfigFlags, resolveConfig } from '../config/resolve-config.js';
import { defaultMaskFolder, openMaskCache } from '../data/mask-cache.js';
import { startEngine, withEngine } from '../engine/start-engine.js';
import { type DatasetFlags, selectionOf, withDatasetOptions } from '../options/dataset-options.js';
import { frameRanges } from '../options/frame-ranges.js';
import { gridShapeOf, shareOf, wholeNumber, wholeNumbersOf } from '../options/numbers.js';
import { settingFlag } from '../options/settings-flag.js';
import { lossChange } from '../report/loss-summary.js';
import { duration, percent } from '../report/numbers.js';
import { scoresByClass, scoresTable } from '../report/scores-table.js';
import { type CommandContext, terminalFor, withQuiet } from '../terminal/command-context.js';
import { fail, need } from '../terminal/failure.js';
import { chooseFrames, type FrameFlags, type RunFrames } from '../training/choose-frames.js';
import { type Invocation, readInvocation } from '../training/invocation.js';
import { configOf, planRun, type RunPlan } from '../training/run-plan.js';
import { type RunReport, trainRun } from '../training/train-run.js';

interface TrainFlags extends DatasetFlags, FrameFlags, ConfigFlags {
  readonly out: string;
  readonly resume?: string;
  readonly engine: string;
  readonly maskCache?: string;
  readonly printConfig?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const methodList = methodNames
  .map(
    (name) =>
      `  ${name.padEnd(2 + Math.max(...methodNames.map(({ length }) => length)))}${methods[name].summary}`,
  )
  .join('\n');

const examples = `
Methods:
${methodList}

Which frames:
  By default the official 'train' split is learned from and 'val' is scored. Of 'train' all frames are labelled, or a
  share (--labelled 10%), or those of a published list (--labels-list); the others are used without their labels.
  Or name them: --labelled-frames, --unlabelled-frames and --val-frames count in the data set as inspect shows it.

Examples:
  $ nerfseg train data/nuscenes --labelled 10% --out runs/supervised
  $ nerfseg train data/nuscenes --labelled 10% --method nerf --out runs/nerf
  $ nerfseg train data/semantickitti --labels-list splits/semantickitti_10pct.txt --method nerf --out runs/kitti-10
  $ nerfseg train data/semantickitti --method nerf --labelled-frames 0 --unlabelled-frames 3-5 --val-frames 1-2 \\
      --width 8 --point-widths 16,32 --grid 240x180x16 --steps 200 --out runs/kitti-few
  $ nerfseg train data/nuscenes --config run.yaml --set training.confidentEntropy=0.2 --print-config
  $ nerfseg train --resume runs/nerf

A run that was interrupted goes on when the same command is given again, or by --resume: the folder holds its
checkpoints. Settings not named here are set by --set or in the config file (YAML or JSON; extends: other.yaml begins
with another file); CONFIGURATION.md has all of them, --print-config shows them as they would be used.`;

/** `nerfseg train PATH`: by one of the methods of `@nerfseg/ssl`. */
export const trainCommand = (context: CommandContext): Command => {
  const command = withEngine(withQuiet(withDatasetOptions(new Command('train'))));
  return command
    .description(
      `Train on a few labelled scans and many unlabelled ones, by one of ${methodNames.length} methods; then score.`,
    )
    .argument('[path]', 'folder of a nuScenes, SemanticKITTI or ScribbleKITTI data set')
    .addOption(
      new Option('--method <name>', 'what is learned from unlabelled frames; default: supervised').choices([
        ...methodNames,
      ]),
    )
    .option('--labelled <share>', 'share of the training frames that keep their labels, such as 10%', shareOf)
    .option('--labels-list <file>', 'published list of the labelled frames')
    .option('--labelled-frames <ranges>', 'labelled frames by number, such as 0 or 0,3-5', frameRanges)
    .option('--unlabelled-frames <ranges>', 'frames of which only points and pictures are used', frameRanges)
    .option('--val-frames <ranges>', 'frames to score', frameRanges)
    .option('--steps <n>', 'optimizer steps; default: 1000', wholeNumber(1))
    .option('--width <n>', "the network's base width; default: 16", wholeNumber(1))
    .option(
      '--point-widths <list>',
      'hidden layers of the point encoder; default: 64,128,256',
      wholeNumbersOf,
    )
    .option('--grid <RxPxZ>', 'cells along rho, phi and z; default: 480x360x32', gridShapeOf)
    .option('--seed <n>', 'seed of every random choice; default: 0', wholeNumber(0))
    .option(
      '--set <name=value>',
      'any other setting, such as training.learningRate=0.01; may be repeated',
      settingFlag,
    )
    .option('--config <file>', 'settings as YAML or JSON; the command line wins over it')
    .option('--out <folder>', 'folder of the run: checkpoints, weights, history, report', 'nerfseg-run')
    .option('--resume <folder>', 'go on with the run in this folder, as it was begun and on its engine')
    .option('--mask-cache <folder>', 'where masks are kept; default: ~/.cache/nerfseg/masks')
    .option('--print-config', 'print the whole configuration as YAML, and do nothing')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', examples)
    .action(async (path: string | undefined, flags: TrainFlags) => {
      checkFrameFlags(command, flags);
      const { resume } = flags;
      if ((path === undefined) === (resume === undefined))
        command.error("error: name the data set's folder, or a run to --resume", { exitCode: 2 });
      if (path !== undefined) return trainAndScore(context, path, flags);
      if (resume === undefined) return;
      const fixed = command.options.find(
        (option) =>
          command.getOptionValueSource(option.attributeName()) === 'cli' &&
          !resumable.some((name) => name === option.attributeName()),
      );
      if (fixed)
        command.error(
          `error: --resume goes on with a run as it was begun: without ${fixed.long} (settings that may change are changed by --set)`,
          { exitCode: 2 },
        );
      const begun = await need(readInvocation<TrainFlags>(resume));
      const given = Object.fromEntries(
        resumable.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]]),
      );
      const engine =
        command.getOptionValueSource('engine') === 'cli' ? flags.engine : (begun.engine ?? flags.engine);
      return trainAndScore(context, begun.path, {
        ...begun.flags,
        ...given,
        engine,
        out: resume,
        config: begun.config,
      });
    });
};

/** What may be said again of a run that is resumed. */
const resumable = ['resume', 'engine', 'quiet', 'json', 'set', 'printConfig', 'maskCache'] as const;

/** The options that say which frames: what a resumed run must be told again. */
const selectionFlags = (flags: TrainFlags): Partial<TrainFlags> => {
  const { format, split, sequences, tables, camera, task, labelsFolder } = flags;
  const { labelled, labelledFrames, unlabelledFrames, valFrames } = flags;
  const all = {
    ...{ format, split, sequences, tables, camera, task, labelsFolder },
    ...{ labelled, labelledFrames, unlabelledFrames, valFrames },
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
};

/** Two ways to say which frames: not both at once. */
function checkFrameFlags(command: Command, flags: TrainFlags): void {
  const named = flags.labelledFrames !== undefined;
  if (named && (flags.labelled !== undefined || flags.labelsList !== undefined))
    command.error('error: --labelled-frames goes with neither --labelled nor --labels-list', { exitCode: 2 });
  if (!named && (flags.unlabelledFrames !== undefined || flags.valFrames !== undefined))
    command.error('error: --unlabelled-frames and --val-frames need --labelled-frames', { exitCode: 2 });
  if (flags.labelled !== undefined && flags.labelsList !== undefined)
    command.error('error: --labelled and --labels-list: choose one', { exitCode: 2 });
}

async function trainAndScore(context: CommandContext, path: string, flags: TrainFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const config = await need(() => resolveConfig(flags));
  const frames = await need(chooseFrames(path, selectionOf(flags), flags, config.seed));
  const planned = planRun(frames.format, frames.dataset.labelSpace.names.length, config);
  const plan = isLeft(planned) ? fail(planned.left) : planned.right;
  const resolved = stringify(configOf(plan));
  if (flags.printConfig) {
    terminal.print(resolved.trimEnd());
    return;
  }
  for (const note of frames.notes) terminal.note(note);
  const { labelled, unlabelled, validation } = frames;
  terminal.note(
    `${frames.dataset.name}: ${labelled.length} labelled, ${unlabelled.length} unlabelled, ${validation?.frames.length ?? 0} to score`,
  );
  const engine = await startEngine(flags.engine, terminal);
  const { out, labelsList, maskCache } = flags;
  const invocation: Invocation<TrainFlags> = {
    path: resolve(path),
    flags: {
      ...selectionFlags(flags),
      ...(labelsList === undefined ? {} : { labelsList: resolve(labelsList) }),
      ...(maskCache === undefined ? {} : { maskCache: resolve(maskCache) }),
    },
  };
  const record = { invocation, dataset: frames.dataset.name, labelled, unlabelled, engine: engine.name };
  // Not before the folder has proved to be this run's: another's would be lost for --resume.
  const begin = chain(() =>
    writeFileAtomic(join(out, 'run.json'), `${JSON.stringify(record, undefined, 2)}\n`),
  )(writeFileAtomic(join(out, 'config.yaml'), resolved));
  const cache = !methods[plan.settings.method].needs.masks
    ? undefined
    : await need(openMaskCache(flags.maskCache ?? defaultMaskFolder(), plan.masks, terminal.note));
  const report = await trainRun(flags.out, plan, frames, cache, terminal, { begin }).finally(() =>
    cache?.close(),
  );
  const { labelSpace } = frames.dataset;
  const summary = summaryOf(report, plan, frames, engine.name);
  await need(writeFileAtomic(join(flags.out, 'report.json'), `${JSON.stringify(summary, undefined, 2)}\n`));
  if (flags.json) {
    terminal.print(JSON.stringify(summary, undefined, 2));
    return;
  }
  const { labelsLoss, totalLoss, seconds, evaluation } = report;
  terminal.print(
    `${plan.settings.method}: ${plan.settings.steps} steps in ${duration(seconds)}; loss on labels ${lossChange(labelsLoss)} (all terms ${lossChange(totalLoss)})`,
  );
  if (evaluation) {
    terminal.print(`\n${scoresTable(evaluation, labelSpace)}`);
    terminal.print(
      `\nmIoU ${percent(evaluation.point.miou)} % of points, ${percent(evaluation.voxel.miou)} % of voxels, over the classes that occur.`,
    );
  }
  terminal.print(`\nRun: ${flags.out}`);
}

/** The report for programs. */
const summaryOf = (
  { labelsLoss, totalLoss, seconds, evaluation }: RunReport,
  { seed, settings }: RunPlan,
  { dataset, validation }: RunFrames,
  engine: string,
): object => ({
  method: settings.method,
  seed,
  steps: settings.steps,
  seconds,
  engine,
  labelsLoss,
  totalLoss,
  ...(evaluation
    ? {
        scored: validation?.frames.length ?? 0,
        pointMiou: evaluation.point.miou,
        voxelMiou: evaluation.voxel.miou,
        perClass: scoresByClass(evaluation.point.perClass, dataset.labelSpace),
        perClassVoxel: scoresByClass(evaluation.voxel.perClass, dataset.labelSpace),
      }
    : {}),
});
