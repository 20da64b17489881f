import { join } from 'node:path';
import type { LabelSpace, SegmentMasks } from '@nerfseg/geometry';
import { Command } from 'commander';
import { type FrameSummary, inspectFrame } from '../data/inspect-frame.js';
import type { MaskCache } from '../data/mask-cache.js';
import { forwardAxis, openDataset } from '../data/open-dataset.js';
import { type DatasetFlags, selectionOf, withDatasetOptions } from '../options/dataset-options.js';
import { checkFrames, frameRanges, spreadFrames } from '../options/frame-ranges.js';
import { givenMaskOption, type MaskFlags, openMasks, withMaskOptions } from '../options/mask-options.js';
import { folderOf, writeFramePictures } from '../pictures/frame-pictures.js';
import { histogramTable } from '../report/label-histogram.js';
import { thousands } from '../report/numbers.js';
import { renderTable } from '../report/table.js';
import { type CommandContext, terminalFor, withQuiet } from '../terminal/command-context.js';
import { fail, need } from '../terminal/failure.js';
import { stopIfInterrupted } from '../terminal/stop-if-interrupted.js';

interface InspectFlags extends DatasetFlags, MaskFlags {
  readonly frames?: number[];
  readonly out: string;
  readonly pictures: boolean;
  readonly masks?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const examples = `
Examples:
  $ nerfseg inspect data/nuscenes
  $ nerfseg inspect data/semantickitti --frames 0-2 --masks --out look
  $ nerfseg inspect data/semantickitti --labels-folder labels_partial --frames 3-5
  $ nerfseg inspect data/nuscenes --no-pictures --json | jq '.frames[0].cameras'

Look at the pictures: the points must sit on the objects. Where they are off, the calibration or the timestamps are.`;

/** `nerfseg inspect PATH`: a data set in numbers and pictures. */
export const inspectCommand = (context: CommandContext): Command => {
  const command = withMaskOptions(withQuiet(withDatasetOptions(new Command('inspect'))));
  return command
    .description(
      'Show what a data set holds: points, labels, cameras, ego-motion, and pictures of points on images.',
    )
    .argument('<path>', 'folder of a nuScenes, SemanticKITTI or ScribbleKITTI data set')
    .option(
      '--frames <ranges>',
      'frames to look at, such as 0 or 3-5; default: up to 12, evenly spread',
      frameRanges,
    )
    .option('--out <folder>', 'where to write the pictures', 'nerfseg-inspect')
    .option('--no-pictures', 'numbers only')
    .option('--masks', 'also the Segment-Anything masks of every picture')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action((path: string, flags: InspectFlags) => {
      const ofMasks = givenMaskOption(command);
      if (ofMasks && !flags.masks)
        command.error(`error: ${ofMasks} says how masks are made: add --masks`, { exitCode: 2 });
      return inspect(context, path, flags);
    });
};

async function inspect(context: CommandContext, path: string, flags: InspectFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const { dataset, format } = await need(openDataset(path, selectionOf(flags)));
  const { labelSpace } = dataset;
  const chosen = flags.frames ? checkFrames(flags.frames, dataset, '--frames') : undefined;
  if (chosen?._tag === 'Left') return fail(chosen.left);
  const frames = chosen?.right ?? spreadFrames(dataset.length, 12);
  const cache = flags.masks ? await openMasks(flags, terminal) : undefined;
  const progress = terminal.progress('inspect', frames.length);
  const reports: FrameReport[] = [];
  const total = new Float64Array(labelSpace.names.length);
  try {
    for (const index of frames) {
      stopIfInterrupted(terminal, dataset.name, `${reports.length} of ${frames.length} frames inspected`);
      const summary = await need(inspectFrame(dataset.frame(index), labelSpace.names.length));
      summary.pointsOfClass?.forEach((count, id) => {
        total[id]! += count;
      });
      const masks = cache ? await masksOf(cache, summary) : [];
      const folder = join(flags.out, folderOf(summary.frame.id));
      const pictures = flags.pictures
        ? await writeFramePictures(folder, summary, labelSpace, masks, forwardAxis(format))
        : [];
      reports.push(reportOf(index, summary, labelSpace, masks, pictures));
      progress.update(reports.length, summary.frame.id);
    }
  } finally {
    progress.stop();
    await cache?.close();
  }
  if (flags.json)
    terminal.print(
      JSON.stringify(
        { path, format, name: dataset.name, length: dataset.length, frames: reports },
        undefined,
        2,
      ),
    );
  else {
    terminal.print(`${dataset.name}: ${thousands(dataset.length)} frames in ${path}\n`);
    terminal.print(frameTable(reports));
    if (reports.some(({ cameras }) => cameras.length > 0)) terminal.print(`\n${cameraTable(reports)}`);
    if (total.some((count) => count > 0)) terminal.print(`\n${histogramTable(total, labelSpace)}`);
    else terminal.print('\nNo labels in these frames.');
    if (flags.pictures) terminal.print(`\nPictures: ${flags.out}`);
  }
}

async function masksOf(cache: MaskCache, { frame }: FrameSummary): Promise<SegmentMasks[]> {
  const found: SegmentMasks[] = [];
  for (const view of frame.cameras) found.push(await need(cache.masksOf(view, frame)));
  return found;
}

interface FrameReport {
  readonly index: number;
  readonly id: string;
  readonly sequence: string;
  readonly timestamp: number;
  readonly points: number;
  readonly range: number;
  readonly labels: Readonly<Record<string, number>> | null;
  readonly cameras: readonly (FrameSummary['cameras'][number] & { readonly masks?: number })[];
  readonly pictures: readonly string[];
}

const reportOf = (
  index: number,
  { frame, positions, range, pointsOfClass, cameras }: FrameSummary,
  { names }: LabelSpace,
  masks: readonly SegmentMasks[],
  pictures: readonly string[],
): FrameReport => ({
  index,
  id: frame.id,
  sequence: frame.sequence,
  timestamp: frame.timestamp,
  points: positions.length / 3,
  range,
  labels: pointsOfClass
    ? Object.fromEntries(
        Array.from(pointsOfClass, (count, id) => [id === 0 ? 'unlabelled' : names[id]!, count]),
      )
    : null,
  cameras: cameras.map((camera, i) => ({ ...camera, ...(masks[i] ? { masks: masks[i].masks.length } : {}) })),
  pictures,
});

const frameTable = (reports: readonly FrameReport[]): string =>
  renderTable(
    ['frame', 'id', 'sequence', 'points', 'labelled', 'range'],
    reports.map(({ index, id, sequence, points, labels, range }) => [
      String(index),
      id,
      sequence,
      thousands(points),
      labels ? thousands(points - (labels.unlabelled ?? 0)) : 'none',
      `${range.toFixed(1)} m`,
    ]),
    ['right', 'left', 'left'],
  );

const cameraTable = (reports: readonly FrameReport[]): string =>
  renderTable(
    ['frame', 'camera', 'size', 'points in it', 'delay', 'moved', 'masks'],
    reports.flatMap(({ index, cameras }) =>
      cameras.map(({ name, width, height, points, delay, motion, masks }) => [
        String(index),
        name,
        `${width} x ${height}`,
        thousands(points),
        `${(delay * 1000).toFixed(0)} ms`,
        `${motion.toFixed(3)} m`,
        masks === undefined ? '-' : String(masks),
      ]),
    ),
    ['right', 'left'],
  );
