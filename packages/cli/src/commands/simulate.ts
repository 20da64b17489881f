import { dataError } from '@nerfseg/geometry';
import {
  type Condition,
  conditions,
  type ScannerName,
  type SimulationFormat,
  scannerNames,
  simulateDataset,
  simulationFormats,
  type WorldKind,
  worldKinds,
} from '@nerfseg/sim';
import { Command, InvalidArgumentError, Option } from 'commander';
import { forwardAxis, openDataset } from '../data/open-dataset.js';
import { listOf, positiveNumber, sizeOf, wholeNumber } from '../options/numbers.js';
import { elevationsOf } from '../options/scanner.js';
import { writeWorldSheets } from '../pictures/world-sheets.js';
import { duration, thousands } from '../report/numbers.js';
import { type CommandContext, terminalFor, withQuiet } from '../terminal/command-context.js';
import { fail, need } from '../terminal/failure.js';
import { stopIfInterrupted } from '../terminal/stop-if-interrupted.js';
import type { Terminal } from '../terminal/terminal.js';

interface SimulateFlags {
  readonly format: SimulationFormat;
  readonly scenes: number;
  readonly valScenes: number;
  readonly frames: number;
  readonly spacing: number;
  readonly seed: number;
  readonly lidar?: ScannerName;
  readonly range?: number;
  readonly channels?: number;
  readonly azimuthSteps?: number;
  readonly image?: { width: number; height: number };
  readonly cameras?: string[];
  readonly kinds?: WorldKind[];
  readonly conditions?: Condition[];
  readonly truth: boolean;
  readonly sheets?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const examples = `
Examples:
  $ nerfseg simulate world                                   nuScenes format, 2 + 1 scenes, six cameras
  $ nerfseg simulate kitti --format semantickitti --frames 20 --spacing 0.1
  $ nerfseg simulate tiny --scenes 1 --frames 2 --channels 16 --azimuth-steps 360 --image 320x180 --cameras CAM_FRONT
  $ nerfseg simulate far --lidar vlp16 --range 200 --conditions fog,night
  $ nerfseg inspect world                                    look at what came out

The same options and seed always give the same files; a folder that holds them already is left as it is, and an
interrupted simulation goes on where it was when the command is given again. Pixel-wise
ground truth of every picture (class, depth, instance) lies beside the data set.`;

/** `nerfseg simulate OUT`: a driving world with a spinning LiDAR and cameras, written as a data set. */
export const simulateCommand = (context: CommandContext): Command =>
  withQuiet(new Command('simulate'))
    .description(
      'Simulate drives through made-up streets and write them as a data set, with labels for every point.',
    )
    .argument('<out>', 'folder to make; it must not hold anything else')
    .addOption(
      new Option('--format <name>', 'format to write').choices(simulationFormats).default('nuscenes'),
    )
    .option('--scenes <n>', 'training scenes', wholeNumber(0), 2)
    .option('--val-scenes <n>', 'validation scenes', wholeNumber(0), 1)
    .option('--frames <n>', 'frames per scene', wholeNumber(1), 5)
    .option('--spacing <s>', 'seconds between frames', positiveNumber, 0.5)
    .option('--seed <n>', 'another seed is another world', wholeNumber(0), 0)
    .addOption(
      new Option('--lidar <name>', 'scanner; default: hdl32e (nuScenes), hdl64e (KITTI)').choices(
        scannerNames,
      ),
    )
    .option(
      '--range <m>',
      'how far it reaches, such as 50, 100 or 200; default: as the real one',
      positiveNumber,
    )
    .option('--channels <n>', 'lasers of the scanner, if other than its own', wholeNumber(1))
    .option('--azimuth-steps <n>', 'points per laser and turn; default: as the real scanner', wholeNumber(8))
    .option('--image <WxH>', 'size of the pictures in pixels', sizeOf)
    .option('--cameras <list>', 'cameras by name, such as CAM_FRONT,CAM_BACK or image_2', listOf)
    .option('--kinds <list>', `streets to drive through: ${worldKinds.join(', ')}`, someOf(worldKinds))
    .option(
      '--conditions <list>',
      `weather and light to draw from: ${conditions.join(', ')}; default: all`,
      someOf(conditions),
    )
    .option('--no-truth', 'leave out the pixel-wise ground truth')
    .option('--sheets <folder>', 'also draw what came out: pictures, sweeps, and every class')
    .option('--json', 'print a summary as JSON')
    .addHelpText('after', examples)
    .action((out: string, flags: SimulateFlags) => simulate(context, out, flags));

const someOf =
  <A extends string>(known: readonly A[]) =>
  (text: string): A[] =>
    listOf(text).map((name) => {
      const found = known.find((one) => one === name);
      if (found === undefined) throw new InvalidArgumentError(`Expected some of ${known.join(', ')}.`);
      return found;
    });

async function simulate(context: CommandContext, root: string, flags: SimulateFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  if (flags.sheets && !flags.truth)
    return fail(
      dataError('mismatch', 'nerfseg', '--sheets', '--no-truth', 'the ground truth, which sheets show'),
    );
  const start = performance.now();
  const total = (flags.scenes + flags.valScenes) * flags.frames;
  const progress = terminal.progress('simulate', total);
  const lidar = {
    ...(flags.lidar ? { model: flags.lidar } : {}),
    ...(flags.range ? { range: flags.range } : {}),
    ...(flags.channels ? { elevations: elevationsOf(flags.format, flags.channels, flags.lidar) } : {}),
    ...(flags.azimuthSteps ? { azimuthSteps: flags.azimuthSteps } : {}),
  };
  const summary = await need(
    simulateDataset({
      root,
      format: flags.format,
      seed: flags.seed,
      scenes: { train: flags.scenes, val: flags.valScenes },
      framesPerScene: flags.frames,
      frameSpacing: flags.spacing,
      lidar,
      groundTruth: flags.truth,
      ...(flags.image ? { imageSize: flags.image } : {}),
      ...(flags.cameras ? { cameras: flags.cameras } : {}),
      ...(flags.kinds ? { kinds: flags.kinds } : {}),
      ...(flags.conditions ? { conditions: flags.conditions } : {}),
      signal: terminal.signal,
      onNote: terminal.note,
      onProgress: ({ done, scene }) => progress.update(done, scene),
    }),
  ).finally(progress.stop);
  const sheets = flags.sheets ? await drawSheets(terminal, root, flags.sheets) : [];
  if (flags.json) {
    terminal.print(JSON.stringify(summary, undefined, 2));
    return;
  }
  const made = summary.reused ? 'was there already' : `took ${duration((performance.now() - start) / 1000)}`;
  terminal.print(
    `${root}: ${summary.format}, ${summary.scenes} scenes, ${summary.frames} frames, ${thousands(summary.points)} points; it ${made}.`,
  );
  if (sheets.length > 0) terminal.print(`Sheets: ${sheets.join(', ')}`);
}

async function drawSheets(terminal: Terminal, root: string, folder: string): Promise<string[]> {
  const { dataset, format } = await need(openDataset(root, {}));
  const progress = terminal.progress('sheets', dataset.length);
  return writeWorldSheets(folder, root, dataset, forwardAxis(format), (done) => {
    progress.update(done);
    stopIfInterrupted(terminal, root, `${done} of ${dataset.length} frames looked at for the sheets`);
  }).finally(progress.stop);
}
