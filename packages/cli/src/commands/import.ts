import { dirname } from 'node:path';
import { countParameters, type ImportedNetwork, type KernelMaps, loadReleased } from '@nerfseg/backbone';
import {
  type CylindricalGrid,
  cylindricalGrid,
  type DataError,
  dataError,
  type GridPreset,
} from '@nerfseg/geometry';
import { Command, Option } from 'commander';
import { type Either, tryCatch } from 'fp-ts/lib/Either.js';
import { makeFolder } from '../data/make-folder.js';
import { gridShapeOf } from '../options/numbers.js';
import { thousands } from '../report/numbers.js';
import { type CommandContext, terminalFor, withQuiet } from '../terminal/command-context.js';
import { need } from '../terminal/failure.js';
import { saveImportedWeights } from '../training/weights-file.js';

interface ImportFlags {
  readonly out: string;
  readonly dataset?: GridPreset;
  readonly kernelMaps?: KernelMaps;
  readonly grid?: CylindricalGrid['shape'];
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const examples = `
Takes what torch.save wrote: a state dictionary of the authors' repository or of mmdetection3d, alone or inside a
training checkpoint, in either of PyTorch's formats. Nothing of the file is run.

Examples:
  $ nerfseg import model_save.pt --out cylinder3d.safetensors
  $ nerfseg eval cylinder3d.safetensors data/semantickitti
  $ nerfseg import mine.pt --dataset nuscenes --grid 240x180x20 --out mine.safetensors

The file does not say three things, which are concluded and may be named instead:
  --dataset       20 classes: semantickitti, 17: nuscenes. Decides the heights and the scale of intensities.
  --kernel-maps   spconv 1 weights: released (a block's convolutions share one kernel's map, as they were trained);
                  spconv 2 weights: paper. Weights trained with spconv 1 and converted to spconv 2 need 'released'.
  --grid          480x360x32, as published.`;

/** `nerfseg import CHECKPOINT`: published weights become this project's. */
export const importCommand = (context: CommandContext): Command =>
  withQuiet(new Command('import'))
    .description('Turn a PyTorch checkpoint of Cylinder3D into weights that eval takes; no Python is needed.')
    .argument('<checkpoint>', "file of torch.save: the authors' names or mmdetection3d's")
    .requiredOption('--out <file>', 'the weights, a safetensors file')
    .addOption(
      new Option('--dataset <name>', 'what it was trained on; default: by its classes').choices([
        'semantickitti',
        'nuscenes',
      ]),
    )
    .addOption(
      new Option('--kernel-maps <kind>', "whose kernel maps; default: by its weights' layout").choices([
        'paper',
        'released',
      ]),
    )
    .option('--grid <RxPxZ>', 'cells along rho, phi and z; default: 480x360x32', gridShapeOf)
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action((checkpoint: string, flags: ImportFlags) => importCheckpoint(context, checkpoint, flags));

async function importCheckpoint(
  context: CommandContext,
  checkpoint: string,
  flags: ImportFlags,
): Promise<void> {
  const { print, note } = terminalFor(context, flags);
  const { dataset, kernelMaps, out, json } = flags;
  const options = { ...(dataset ? { dataset } : {}), ...(kernelMaps ? { kernelMaps } : {}) };
  const imported = await need(loadReleased(checkpoint, options));
  const grid = await need(async () => gridOf(imported, flags.grid));
  await need(makeFolder(dirname(out)));
  await need(saveImportedWeights(out, imported, grid));
  for (const sentence of imported.notes) note(sentence);
  print(json ? JSON.stringify(summaryOf(imported, grid, out), undefined, 2) : describe(imported, grid, out));
}

const gridOf = (
  { dataset, grid }: ImportedNetwork,
  shape: CylindricalGrid['shape'] = grid.shape,
): Either<DataError, CylindricalGrid> =>
  tryCatch(
    () => cylindricalGrid(dataset, { ...grid, shape }),
    (thrown) =>
      dataError(
        'out-of-range',
        'nerfseg import',
        '--grid',
        (thrown as Error).message,
        'cells that a grid can have',
      ),
  );

const summaryOf = (
  { config, dataset, naming, layout, notes }: ImportedNetwork,
  grid: CylindricalGrid,
  file: string,
) => ({ file, parameters: countParameters(config), dataset, naming, layout, config, grid, notes });

const describe = (
  { config, dataset, naming, layout }: ImportedNetwork,
  { shape }: CylindricalGrid,
  file: string,
): string =>
  [
    `Cylinder3D of width ${config.width}, ${config.numClasses} classes, ${thousands(countParameters(config))} parameters:`,
    `${naming}'s names, ${layout} layout; kernel maps '${config.kernelMaps}'; for ${dataset} on ${shape.join(' x ')} cells.`,
    `Weights: ${file}`,
  ].join('\n');
