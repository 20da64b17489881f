import { Command } from 'commander';
import { defaultMaskFolder, openMaskCache } from '../data/mask-cache.js';
import { openDataset } from '../data/open-dataset.js';
import { type DatasetFlags, selectionOf, withDatasetOptions } from '../options/dataset-options.js';
import { checkFrames, frameRanges } from '../options/frame-ranges.js';
import { wholeNumber } from '../options/numbers.js';
import { duration, thousands } from '../report/numbers.js';
import { type CommandContext, terminalFor, withQuiet } from '../terminal/command-context.js';
import { fail, need } from '../terminal/failure.js';
import { stopIfInterrupted } from '../terminal/stop-if-interrupted.js';

interface MasksFlags extends DatasetFlags {
  readonly frames?: number[];
  readonly maskCache?: string;
  readonly threads?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const examples = `
Examples:
  $ nerfseg masks data/nuscenes
  $ nerfseg masks data/semantickitti --split train --mask-cache /scratch/masks
  $ nerfseg masks data/semantickitti --frames 3-5

Masks are kept by the picture's content, so that train and inspect find them whatever path they come by. An
interrupted run goes on where it stopped: every picture's masks are written as soon as they are done.`;

/** `nerfseg masks PATH`: the masks of every picture, made ahead of training. */
export const masksCommand = (context: CommandContext): Command =>
  withQuiet(withDatasetOptions(new Command('masks')))
    .description('Precompute the Segment-Anything masks of all pictures of a data set.')
    .argument('<path>', 'folder of a nuScenes, SemanticKITTI or ScribbleKITTI data set')
    .option('--frames <ranges>', 'only these frames, such as 0 or 3-5', frameRanges)
    .option('--mask-cache <folder>', 'where masks are kept; default: ~/.cache/nerfseg/masks')
    .option('--threads <n>', 'threads; default: all cores', wholeNumber(1))
    .option('--json', 'print a summary as JSON')
    .addHelpText('after', examples)
    .action((path: string, flags: MasksFlags) => masks(context, path, flags));

async function masks(context: CommandContext, path: string, flags: MasksFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const start = performance.now();
  const { dataset } = await need(openDataset(path, selectionOf(flags)));
  const chosen = checkFrames(
    flags.frames ?? Array.from({ length: dataset.length }, (_, i) => i),
    dataset,
    '--frames',
  );
  if (chosen._tag === 'Left') return fail(chosen.left);
  const views = chosen.right.flatMap((index) => dataset.frame(index).cameras);
  const threads = flags.threads === undefined ? {} : { threads: flags.threads };
  const cache = await openMaskCache(flags.maskCache ?? defaultMaskFolder(), terminal.note, threads);
  const progress = terminal.progress('masks', views.length);
  let done = 0;
  let total = 0;
  try {
    for (const view of views) {
      stopIfInterrupted(terminal, dataset.name, `${done} of ${views.length} pictures done`);
      total += (await need(cache.masksOf(view))).masks.length;
      progress.update(++done, view.name);
    }
  } finally {
    progress.stop();
    await cache.close();
  }
  const seconds = (performance.now() - start) / 1000;
  const { source, folder } = cache;
  if (flags.json)
    terminal.print(
      JSON.stringify({ path, source, folder, pictures: done, masks: total, seconds }, undefined, 2),
    );
  else
    terminal.print(
      `${thousands(done)} pictures, ${thousands(total)} masks by ${source} in ${duration(seconds)}; kept in ${folder}.`,
    );
}
