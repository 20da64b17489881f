import { setTimeout as sleep } from 'node:timers/promises';
import type { CameraView, FrameDataset } from '@nerfseg/datasets';
import { type DataError, formatError } from '@nerfseg/geometry';
import { storeField } from '@nerfseg/pseudolabel';
import { Command } from 'commander';
import { isLeft } from 'fp-ts/lib/Either.js';
import { defaultMaskFolder, type MaskCache, openMaskCache } from '../data/mask-cache.js';
import { openDataset } from '../data/open-dataset.js';
import { type DatasetFlags, selectionOf, withDatasetOptions } from '../options/dataset-options.js';
import { checkFrames, frameRanges } from '../options/frame-ranges.js';
import { wholeNumber } from '../options/numbers.js';
import { type Shard, scheduledShard, shardOf } from '../options/shard.js';
import { duration, thousands } from '../report/numbers.js';
import { type CommandContext, terminalFor, withQuiet } from '../terminal/command-context.js';
import { fail, need } from '../terminal/failure.js';
import { stopIfInterrupted } from '../terminal/stop-if-interrupted.js';
import type { Terminal } from '../terminal/terminal.js';

interface MasksFlags extends DatasetFlags {
  readonly frames?: number[];
  readonly maskCache?: string;
  readonly shard?: Shard;
  readonly threads?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const examples = `
Examples:
  $ nerfseg masks data/nuscenes
  $ nerfseg masks data/semantickitti --split train --mask-cache /scratch/masks
  $ nerfseg masks data/semantickitti --frames 3-5
  $ nerfseg masks data/nuscenes --shard 2/8            the second eighth
  $ sbatch --array=0-7 --wrap 'nerfseg masks data/nuscenes --mask-cache /shared/masks'

Masks are kept by the picture's content, so that train and inspect find them whatever path they come by. An
interrupted run goes on where it stopped: every picture's masks are written as soon as they are done. Any number of
processes may share the folder; no picture is computed twice (but after a process that was halted for a minute and goes
on: the masks are the same). Without --shard, the part is that of a Slurm array
(SLURM_ARRAY_TASK_ID, _COUNT, _MIN, _STEP) or of a Kubernetes indexed job (JOB_COMPLETION_INDEX, with the job's
completions in NERFSEG_SHARD_COUNT), where there is one.

A picture that fails is told and passed over; the exit status is then 1. Three in a row that cannot be stored (a full
disk) end the run.`;

/** `nerfseg masks PATH`: the masks of every picture, made ahead of training. */
export const masksCommand = (context: CommandContext): Command =>
  withQuiet(withDatasetOptions(new Command('masks')))
    .description('Precompute the Segment-Anything masks of all pictures of a data set.')
    .argument('<path>', 'folder of a nuScenes, SemanticKITTI or ScribbleKITTI data set')
    .option('--frames <ranges>', 'only these frames, such as 0 or 3-5', frameRanges)
    .option('--mask-cache <folder>', 'where masks are kept; default: ~/.cache/nerfseg/masks')
    .option('--shard <i/n>', 'only part i of n, i from 1; default: as the scheduler says, or all', shardOf)
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
  const shard = flags.shard ?? (await need(async () => scheduledShard(process.env)));
  const views = viewsOf(dataset, chosen.right, shard);
  const threads = flags.threads === undefined ? {} : { threads: flags.threads };
  const cache = await openMaskCache(flags.maskCache ?? defaultMaskFolder(), terminal.note, threads);
  if (shard.count > 1) terminal.note(`part ${shard.index + 1} of ${shard.count} (${shard.from})`);
  const result = await makeAll(dataset.name, views, cache, terminal).finally(cache.close);
  await cache.tidy();
  const seconds = (performance.now() - start) / 1000;
  const { source, folder } = cache;
  const { found, made, masks: total, bytes, failures } = result;
  const done = found + made;
  const bytesPerPicture = done === 0 ? 0 : Math.round(bytes / done);
  if (flags.json)
    terminal.print(
      JSON.stringify(
        {
          path,
          source,
          folder,
          shard: `${shard.index + 1}/${shard.count}`,
          pictures: done,
          found,
          made,
          failed: failures.length,
          failures: failures.slice(0, 100).map(formatError),
          masks: total,
          bytes,
          bytesPerPicture,
          seconds,
        },
        undefined,
        2,
      ),
    );
  else
    terminal.print(
      `${thousands(done)} pictures (${thousands(made)} made, ${thousands(found)} found), ${thousands(total)} masks by ${source} in ${duration(seconds)}; ${thousands(bytesPerPicture)} bytes a picture, kept in ${folder}.`,
    );
  const [first] = failures;
  if (first)
    fail({
      ...first,
      hint: `${failures.length} of ${views.length} pictures have no masks; this is the first.`,
    });
}

/** The pictures of a shard. */
function viewsOf(dataset: FrameDataset, frames: readonly number[], { index, count }: Shard): CameraView[] {
  const views: CameraView[] = [];
  let number = 0;
  for (const frame of frames)
    for (const view of dataset.frame(frame).cameras) if (number++ % count === index) views.push(view);
  return views;
}

interface Made {
  found: number;
  made: number;
  masks: number;
  bytes: number;
  readonly failures: DataError[];
}

/** Pictures in a row that could not be stored, after which there is no sense in computing more. */
const storeFailures = 3;

/** Goes over the pictures, then again over those that other processes were at, until none is left. */
async function makeAll(
  name: string,
  views: readonly CameraView[],
  cache: MaskCache,
  terminal: Terminal,
): Promise<Made> {
  const result: Made = { found: 0, made: 0, masks: 0, bytes: 0, failures: [] };
  const progress = terminal.progress('masks', views.length);
  let done = 0;
  let unstored = 0;
  try {
    for (let open: readonly CameraView[] = views; open.length > 0; ) {
      const taken: CameraView[] = [];
      for (const view of open) {
        stopIfInterrupted(terminal, name, `${done} of ${views.length} pictures done`);
        const masks = await cache.tryMasksOf(view)();
        if (isLeft(masks)) {
          result.failures.push(masks.left);
          terminal.note(`no masks: ${formatError(masks.left)}`);
          unstored = masks.left.field === storeField ? unstored + 1 : 0;
          if (unstored === storeFailures) return result;
        } else if (masks.right.state === 'taken') {
          taken.push(view);
          continue;
        } else {
          unstored = 0;
          result[masks.right.state]++;
          result.masks += masks.right.masks.masks.length;
          result.bytes += masks.right.bytes;
        }
        progress.update(++done, view.name);
      }
      if (taken.length === open.length) await sleep(500);
      open = taken;
    }
  } finally {
    progress.stop();
  }
  return result;
}
