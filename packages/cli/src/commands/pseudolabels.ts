import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { disposeNetwork } from '@nerfseg/backbone';
import { writePng } from '@nerfseg/datasets';
import { writeFileAtomic } from '@nerfseg/files';
import { dataError } from '@nerfseg/geometry';
import { disposeNerfHead } from '@nerfseg/render';
import { Command, Option } from 'commander';
import { isSome } from 'fp-ts/lib/Option.js';
import { emptyLayer, type Layer, layerOf } from '../config/layers.js';
import { readConfigFile } from '../config/read-config-file.js';
import { resolveConfig } from '../config/resolve-config.js';
import { makeFolder } from '../data/make-folder.js';
import { defaultMaskFolder, openMaskCache } from '../data/mask-cache.js';
import { openDataset } from '../data/open-dataset.js';
import { startEngine, withEngine } from '../engine/start-engine.js';
import { type DatasetFlags, selectionOf, withDatasetOptions } from '../options/dataset-options.js';
import { chosenFrames, frameRanges } from '../options/frame-ranges.js';
import { type MaskFlags, withMaskOptions } from '../options/mask-options.js';
import { curveOf } from '../pseudolabels/curves.js';
import { curvesPage } from '../pseudolabels/curves-page.js';
import { curvesJson, curvesText } from '../pseudolabels/curves-report.js';
import { measureFrames } from '../pseudolabels/measure-frames.js';
import { type TruthKind, truthKindOf } from '../pseudolabels/view-truth.js';
import { type CommandContext, terminalFor, withQuiet } from '../terminal/command-context.js';
import { fail, need } from '../terminal/failure.js';
import { folderOfRun, openRunHead, type RunHead } from '../training/head-file.js';
import { openWeightsFor } from '../training/open-weights-for.js';

interface PseudolabelsFlags extends DatasetFlags, MaskFlags {
  readonly run: string;
  readonly frames?: number[];
  readonly truth?: TruthKind;
  readonly out: string;
  readonly engine: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const examples = `
Examples:
  $ nerfseg pseudolabels world --run runs/nerf
  $ nerfseg pseudolabels data/semantickitti --run runs/kitti-few --frames 1-2 --out curves
  $ nerfseg pseudolabels world --run runs/nerf --set training.confidentEntropy=0.2 --prompts lidar

Three ways of labelling are compared, from the same network: rendered rays with the LiDAR points beside them voting in
the masks, rays alone (as in the paper), and projected points alone (the baseline; all that a run without a NeRF head
has). Settings are those that the run was trained with; options come over them. Truth is every pixel of a simulated
picture; of other data sets, the labelled points that the camera sees.

Measure on frames whose labels the run has not learned from.`;

/** `nerfseg pseudolabels PATH`: how good a run's pseudo-labels are, by the entropy threshold. */
export const pseudolabelsCommand = (context: CommandContext): Command =>
  withEngine(withMaskOptions(withQuiet(withDatasetOptions(new Command('pseudolabels')))))
    .description(
      "Measure a run's pseudo-labels where truth is known: accuracy, coverage, and precision and recall of every class " +
        'as functions of the entropy threshold; as curves and tables.',
    )
    .argument('<path>', 'folder of a nuScenes, SemanticKITTI or ScribbleKITTI data set')
    .option('--run <folder>', 'folder of a run, or its weights file', 'nerfseg-run')
    .option(
      '--frames <ranges>',
      "frames, numbered as inspect shows them; default: the 'val' split",
      frameRanges,
    )
    .addOption(
      new Option('--truth <kind>', 'default: pixels of a simulated data set, else points').choices([
        'pixels',
        'points',
      ]),
    )
    .option('--out <folder>', 'where curves.png, curves.json and curves.txt go', 'nerfseg-pseudolabels')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action((path: string, flags: PseudolabelsFlags) => pseudolabels(context, path, flags));

async function pseudolabels(context: CommandContext, path: string, flags: PseudolabelsFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const split = flags.split ?? (flags.frames || flags.sequences ? 'all' : 'val');
  const { dataset } = await need(openDataset(path, { ...selectionOf(flags), split }));
  const frames = chosenFrames(flags.frames, dataset);
  if (frames._tag === 'Left') return fail(frames.left);
  await need(makeFolder(flags.out));
  await startEngine(flags.engine, terminal);
  const weights = await need(openWeightsFor(flags.run, dataset));
  const { network } = weights;
  const { labelSpace } = dataset;
  const numClasses = labelSpace.names.length;
  const found = await need(openRunHead(flags.run));
  const head = isSome(found) ? found.value : undefined;
  if (!head) terminal.note(`${flags.run}: no NeRF head to these weights, so projection alone`);
  const base = await runLayer(folderOfRun(flags.run), head);
  const { seed, training: settings, masks } = await need(() => resolveConfig(flags, base));
  const cache = await need(openMaskCache(flags.maskCache ?? defaultMaskFolder(), masks, terminal.note));
  const truth = flags.truth ?? truthKindOf(path);
  const options = {
    ...{ root: path, dataset, frames: frames.right, weights, settings, masks: cache, truth, seed },
    ...(head ? { head: head.head } : {}),
  };
  const measured = await measureFrames(options, terminal).finally(async () => {
    disposeNetwork(network);
    if (head) disposeNerfHead(head.head);
    await cache.close();
  });
  const threshold = settings.segmentEntropy;
  const curves = new Map(
    [...measured.ways].map(([way, all]) => [way, curveOf(all, threshold, numClasses)] as const),
  );
  const [[, first] = []] = curves;
  if (!first || first.total.every((count) => count === 0))
    return fail(
      dataError(
        'empty',
        path,
        'truth',
        `none in ${measured.pictures} pictures`,
        truth === 'pixels' ? 'pixels of known class' : 'labelled points that a camera sees',
      ),
    );
  const summary = {
    dataset: dataset.name,
    frames: frames.right.length,
    pictures: measured.pictures,
    truth,
    masks: cache.source,
    threshold,
  };
  const json = JSON.stringify(curvesJson(summary, curves, labelSpace), undefined, 1);
  const text = curvesText(summary, curves, labelSpace);
  const heading = `Pseudo-labels by the entropy threshold: ${dataset.name}, ${measured.pictures} pictures, truth of ${truth}`;
  await need(writeFileAtomic(join(flags.out, 'curves.json'), `${json}\n`));
  await need(writeFileAtomic(join(flags.out, 'curves.txt'), `${text}\n`));
  await need(writePng(join(flags.out, 'curves.png'), curvesPage(heading, curves, labelSpace, threshold)));
  terminal.print(flags.json ? json : `${text}\n\nCurves: ${resolve(flags.out)}`);
}

/** What a run was trained with: its `config.yaml`, or what its head remembers. */
async function runLayer(run: string, head: RunHead | undefined): Promise<Layer> {
  const file = join(run, 'config.yaml');
  if (existsSync(file)) return need(() => readConfigFile(file));
  return head ? layerOf([['training', head.settings, run]]) : emptyLayer;
}
