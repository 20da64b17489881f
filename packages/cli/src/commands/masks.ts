import { setTimeout as sleep } from 'node:timers/promises';
import type { CameraView, Frame, FrameDataset } from '@nerfseg/datasets';
import { type DataError, formatError } from '@nerfseg/geometry';
import { storeField } from '@nerfseg/pseudolabel';
import { Command } from 'commander';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { MaskCache } from '../data/mask-cache.js';
import { openDataset } from '../data/open-dataset.js';
import { type DatasetFlags, selectionOf, withDatasetOptions } from '../options/dataset-options.js';
import { chosenFrames, frameRanges } from '../options/frame-ranges.js';
import { type MaskFlags, openMasks, withMaskOptions } from '../options/mask-options.js';
import { wholeNumber } from '../options/numbers.js';
import { type Shard, scheduledShard, shardOf } from '../options/shard.js';
import { duration, thousands } from '../report/numbers.js';
import { type CommandContext, terminalFor, withQuiet } from '../terminal/command-context.js';
import { fail, need } from '../terminal/failure.js';
import { stopIfInterrupted } from '../terminal/stop-if-interrupted.js';
import type { Terminal } from '../terminal/terminal.js';

interface MasksFlags extends DatasetFlags, MaskFlags {
  readonly frames?: number[];
  readonly shard?: Shard;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const examples = `
Examples:
  $ nerfseg masks data/nuscenes
  $ nerfseg masks data/semantickitti --split train --mask-cache /scratch/masks
  $ nerfseg masks data/semantickitti --frames 3-5 --preset thorough
  $ nerfseg masks data/semantickitti --prompts lidar --set masks.maxPrompts=64
  $ nerfseg masks data/nuscenes --model vit_b_encoder.onnx,vit_b_decoder.onnx --config masks.yaml
  $ nerfseg masks data/nuscenes --shard 2/8            the second eighth
  $ sbatch --array=0-7 --wrap 'nerfseg masks data/nuscenes --mask-cache /shared/masks'

Every parameter of the mask generator is a setting, masks.NAME: see CONFIGURATION.md. Other settings are other masks, so
give train and inspect the same ones, best in one --config file. Masks are kept by the picture's content, so that they
are found whatever path they come by. An interrupted run goes on where it stopped: every picture's masks are written as soon as they are done. Any number of
processes may share the folder; no picture is computed twice (but after a process that was halted for a minute and goes
on: the masks are the same). Without --shard, the part is that of a Slurm array
(SLURM_ARRAY_TASK_ID, _COUNT, _MIN, _STEP) or of a Kubernetes indexed job (JOB_COMPLETION_INDEX, with the job's
completions in NERFSEG_SHARD_COUNT), where there is one.

A picture that fails is told and passed over; the exit status is then 1. Three in a row that cannot be stored (a full
disk) end the run.`;

/** `nerfseg masks PATH`: the masks of every picture, made ahead of training. */
export const masksCommand = (context: CommandContext): Command =>
  withMaskOptions(withQuiet(withDatasetOptions(new Command('masks'))))
    .description('Precompute the Segment-Anything masks of all pictures of a data set.')
    .argument('<path>', 'folder of a nuScenes, SemanticKITTI or ScribbleKITTI data set')
    .option('--frames <ranges>', 'only these frames, such as 0 or 3-5', frameRanges)
    .option('--shard <i/n>', 'only part i of n, i from 1; default: as the scheduler says, or all', shardOf)
    .option(
      '--in-flight <n>',
      'pictures at work at once; default: 2, so that one is encoded while another is decoded',
      wholeNumber(1),
    )
    .option('--json', 'print a summary as JSON')
    .addHelpText('after', examples)
    .action((path: string, flags: MasksFlags) => masks(context, path, flags));

async function masks(context: CommandContext, path: string, flags: MasksFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const start = performance.now();
  const { dataset } = await need(openDataset(path, selectionOf(flags)));
  const chosen = chosenFrames(flags.frames, dataset);
  if (chosen._tag === 'Left') return fail(chosen.left);
  const shard = flags.shard ?? (await need(async () => scheduledShard(process.env)));
  const views = viewsOf(dataset, chosen.right, shard);
  const cache = await openMasks(flags, terminal);
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

/** A picture: a camera of a frame. */
interface Picture {
  readonly view: CameraView;
  readonly frame: Frame;
}

/** The pictures of a shard. */
function viewsOf(dataset: FrameDataset, frames: readonly number[], { index, count }: Shard): Picture[] {
  const pictures: Picture[] = [];
  let number = 0;
  for (const i of frames) {
    const frame = dataset.frame(i);
    for (const view of frame.cameras) if (number++ % count === index) pictures.push({ view, frame });
  }
  return pictures;
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

/**
 * Goes over the pictures, `cache.inFlight` at once, then again over those that other processes were at, until none is
 * left.
 */
async function makeAll(
  name: string,
  pictures: readonly Picture[],
  cache: MaskCache,
  terminal: Terminal,
): Promise<Made> {
  const result: Made = { found: 0, made: 0, masks: 0, bytes: 0, failures: [] };
  const progress = terminal.progress('masks', pictures.length);
  let done = 0;
  let unstored = 0;
  try {
    for (let open: readonly Picture[] = pictures; open.length > 0; ) {
      const taken: Picture[] = [];
      const queue = open.values();
      const work = async (): Promise<void> => {
        for (const picture of queue) {
          if (unstored >= storeFailures || terminal.signal.aborted) return;
          const masks = await cache.tryMasksOf(picture.view, picture.frame)();
          if (isLeft(masks)) {
            result.failures.push(masks.left);
            terminal.note(`no masks: ${formatError(masks.left)}`);
            unstored = masks.left.field === storeField ? unstored + 1 : 0;
          } else if (masks.right.state === 'taken') {
            taken.push(picture);
            continue;
          } else {
            unstored = 0;
            result[masks.right.state]++;
            result.masks += masks.right.masks.masks.length;
            result.bytes += masks.right.bytes;
          }
          progress.update(++done, picture.view.name);
        }
      };
      await Promise.all(Array.from({ length: cache.inFlight }, work));
      stopIfInterrupted(terminal, name, `${done} of ${pictures.length} pictures done`);
      if (unstored >= storeFailures) return result;
      if (taken.length === open.length) await sleep(500);
      open = taken;
    }
  } finally {
    progress.stop();
  }
  return result;
}
