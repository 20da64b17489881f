import { lstat, mkdir, readdir, readFile, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  type FrameRecord,
  objectsOf,
  type SceneRecord,
  type WrittenFrame,
  writeNuScenes,
  writeScribbleKitti,
  writeSemanticKitti,
} from '@nerfseg/datasets';
import { writeFileAtomic } from '@nerfseg/files';
import { createRandom, type DataError, dataError } from '@nerfseg/geometry';
import { left, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { claimRoot } from './claim-root.js';
import { type SimulationConfig, type SimulationOptions, simulationConfig } from './config.js';
import { Fault, raise, unwrap } from './fault.js';
import { type FrameRequest, type FrameSource, frameSource } from './frame-source.js';
import { writeGroundTruth } from './ground-truth.js';
import { discardJournal, type Journal, journalText, openJournal } from './journal.js';
import { writeMovingTruth } from './moving-truth.js';
import { type PlannedScene, type PlannedSequence, planSequences } from './scene-plan.js';
import { scribble } from './scribbles.js';
import { classTableOf, egoFromLidarOf, type SimulatedFrame } from './simulate-scene.js';

export interface SimulationProgress {
  readonly scene: string;
  /** Frames written, of all. */
  readonly done: number;
  readonly total: number;
}

export interface SimulateDatasetOptions extends SimulationOptions {
  /** The folder to make; it must not exist, be empty, or hold the same simulation already. */
  readonly root: string;
  readonly onProgress?: (progress: SimulationProgress) => void;
  /** Lines for people: that another process is waited for. */
  readonly onNote?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Threads that trace rays. Default: as many as there are processors, 8 at most; 0 for small jobs: all in this thread. */
  readonly workers?: number;
}

export interface SimulationSummary {
  readonly root: string;
  readonly format: SimulationConfig['format'];
  /** nuScenes: the version folder to open. */
  readonly version?: string;
  readonly scenes: number;
  readonly frames: number;
  readonly points: number;
  /** LiDAR points per class id of the label space. */
  readonly pointsOfClass: readonly number[];
  /** true: the folder held this very simulation already, and nothing was done. */
  readonly reused: boolean;
}

const version = 'v1.0-trainval';
const receiptName = 'simulation.json';
/** Goes up when the same options give another world: what an older version began is then not continued with other frames. */
const revision = 2;

/**
 * Simulates a whole data set and writes it in one of the three formats, with pixel-wise ground truth beside it (`readGroundTruth`).
 *
 * Everything is written to `<root>.partial` and moved to `root` when it is whole. A run that ended early, in whatever way, is continued by
 * calling again with the same options: frames that are done are not traced again, and the files become those of a run in one piece.
 * The same options give the same files; where `root` holds them already they are kept. Where another process is making them, it is waited for.
 *
 * @returns `malformed` or `out-of-range` options, `empty` for a LiDAR that sees nothing in a sweep, `mismatch` when `root` holds something else, `interrupted` after `signal`, and the writers' errors.
 */
export const simulateDataset =
  (options: SimulateDatasetOptions): TaskEither<DataError, SimulationSummary> =>
  async () => {
    const { root: asked, onProgress, onNote, signal, workers, ...rest } = options;
    let root = resolve(asked);
    let source: FrameSource | undefined;
    let journal: Journal | undefined;
    let release: (() => Promise<void>) | undefined;
    try {
      // Where a link leads, so that what is moved there at the end takes the place of the folder.
      root = await realpath(root).catch(() => root);
      const partial = `${root}.partial`;
      const data = join(partial, 'data');
      const config = unwrap(simulationConfig(rest));
      const sequences = planSequences(config);
      const receipt = JSON.stringify({ revision, ...config });
      let present = await summaryAt(root, receipt);
      if (!present) {
        // Another simulation's place is not waited for.
        await journalText(partial, receipt);
        release = await claimRoot(root, onNote, signal);
        present = await summaryAt(root, receipt);
      }
      if (present) {
        await discardJournal(partial, receipt);
        return right({ ...present, root: asked, reused: true });
      }
      journal = await openJournal(partial, receipt);
      source = frameSource(config, missingOf(config, sequences, journal), workers);
      const counts = newCounts(config, sequences);
      const run: Run = { config, root: data, signal, onProgress, counts, source, journal };
      const written = unwrap(await write(run, sequences)());
      const summary: SimulationSummary = {
        root: asked,
        format: config.format,
        ...(config.format === 'nuscenes' ? { version } : {}),
        scenes: config.scenes.train + config.scenes.val,
        frames: written.frames,
        points: counts.pointsOfClass.reduce((sum, n) => sum + n, 0),
        pointsOfClass: Array.from(counts.pointsOfClass),
        reused: false,
      };
      const text = `${JSON.stringify({ receipt, summary: { ...summary, root: '' } }, null, 2)}\n`;
      unwrap(await writeFileAtomic(join(data, receiptName), text)());
      await mkdir(dirname(root), { recursive: true });
      // Empty or absent, as was seen at the start; anything else by now is not ours to remove.
      await rmdir(root).catch(() => undefined);
      await rename(data, root);
      await rm(partial, { recursive: true, force: true });
      return right(summary);
    } catch (thrown) {
      if (thrown instanceof Fault) return left(thrown.error);
      const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;
      if (code === undefined) throw thrown;
      return left(dataError('unavailable', root, 'folder', code, 'a place that can be written'));
    } finally {
      await source?.close();
      await journal?.close();
      await release?.();
    }
  };

const keyOf = (scene: PlannedScene, index: number): string => `${scene.split} ${scene.index}/${index}`;

/** The frames that are still to be traced, in the order in which they are written. */
const missingOf = (
  { framesPerScene }: SimulationConfig,
  sequences: readonly PlannedSequence[],
  { done }: Journal,
): FrameRequest[] =>
  sequences
    .flatMap(({ scenes }) => scenes)
    .flatMap((scene) => Array.from({ length: framesPerScene }, (_, index) => ({ scene, index })))
    .filter(({ scene, index }) => !done.has(keyOf(scene, index)));

interface Counts {
  done: number;
  readonly total: number;
  readonly pointsOfClass: Float64Array;
}

interface Run {
  readonly config: SimulationConfig;
  readonly root: string;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: SimulationProgress) => void) | undefined;
  readonly counts: Counts;
  readonly source: FrameSource;
  readonly journal: Journal;
}

const newCounts = (config: SimulationConfig, sequences: readonly PlannedSequence[]): Counts => ({
  done: 0,
  total: sequences.reduce((sum, { scenes }) => sum + scenes.length, 0) * config.framesPerScene,
  pointsOfClass: new Float64Array(Math.max(...classTableOf(config.format)) + 1),
});

const write = (run: Run, sequences: readonly PlannedSequence[]) => {
  const { config, root } = run;
  const records = sequences.map(
    (sequence): SceneRecord => ({
      name: sequence.name,
      description: `simulated: ${sequence.scenes.map(({ kind, condition }) => `${kind}, ${condition}`).join('; ')}`,
      egoFromLidar: egoFromLidarOf(config),
      frames: framesOf(run, sequence),
    }),
  );
  if (config.format === 'nuscenes') {
    return writeNuScenes(root, records, { version, seed: config.seed, imageFormat: config.imageFormat });
  }
  return config.format === 'semantickitti'
    ? writeSemanticKitti(root, records)
    : writeScribbleKitti(root, records);
};

/** The frames of one scene or sequence, counted, with their ground truth written on the way. */
async function* framesOf(
  run: Run,
  sequence: PlannedSequence,
): AsyncGenerator<FrameRecord | WrittenFrame, void, undefined> {
  const { config, counts, journal } = run;
  for (const scene of sequence.scenes) {
    for (let index = 0; index < config.framesPerScene; index++) {
      const key = keyOf(scene, index);
      const entry = journal.done.get(key);
      let { pointsOfClass } = entry ?? { pointsOfClass: [] };
      if (entry) yield entry.frame;
      else {
        const record = await nextFrame(run, sequence.name, scene);
        pointsOfClass = countsOf(record.labels, counts.pointsOfClass.length);
        yield record.frame;
        // Asked for the next, the writer has this one's files in place.
        await record.truth;
        await journal.add({ key, frame: written(record.frame), pointsOfClass });
      }
      pointsOfClass.forEach((count, id) => {
        counts.pointsOfClass[id] += count;
      });
      run.onProgress?.({ scene: sequence.name, done: ++counts.done, total: counts.total });
    }
  }
}

/** Takes the next traced frame; `truth` settles when its ground truth is written, beside what the writer writes. `labels` are all points' classes, whatever the frame's labels leave out. */
const nextFrame = async (
  run: Run,
  sequence: string,
  scene: PlannedScene,
): Promise<{ frame: FrameRecord; labels: Uint8Array; truth: Promise<void> }> => {
  const { config, counts, signal, source } = run;
  if (signal?.aborted) {
    const found = `stopped after ${counts.done} frames`;
    raise(
      dataError(
        'interrupted',
        'simulation',
        'signal',
        found,
        `${counts.total} frames`,
        'The same options again go on from there.',
      ),
    );
  }
  const frame = await source.next();
  // Writers take no sweep without a point, and readers no file.
  if (frame.sweep.semantic.length === 0)
    raise(
      dataError(
        'empty',
        'simulation options',
        'lidar',
        `a sweep of ${sequence} in which nothing came back`,
        'at least one point in every sweep',
        'Let it reach farther, look lower, or fire more often.',
      ),
    );
  const random = createRandom(config.seed).fork(`${scene.split} ${scene.index}`);
  const labels = frame.record.labels ?? new Uint8Array(frame.sweep.semantic.length);
  const truth = keepTruth(run, sequence, frame);
  // Whoever awaits it sees the error; until then it is not unhandled.
  truth.catch(() => undefined);
  return { truth, frame: { ...frame.record, labels: labelsOf(config, scene, frame, random) }, labels };
};

const countsOf = (labels: Uint8Array, classes: number): number[] => {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]++;
  return counts;
};

const written = ({ points: _, labels, instances, cameras, ...frame }: FrameRecord): WrittenFrame => ({
  ...frame,
  ...(labels && instances ? { objects: objectsOf({ labels, instances }) } : {}),
  written: true,
  labelled: labels !== undefined,
  cameras: cameras.map(({ image: __, ...camera }) => camera),
});

/** ScribbleKITTI's training scans are scribbled; its validation scans, like all others, are labelled in full. */
const labelsOf = (
  config: SimulationConfig,
  scene: PlannedScene,
  frame: SimulatedFrame,
  random: ReturnType<typeof createRandom>,
): Uint8Array => {
  const labels = frame.record.labels ?? new Uint8Array(frame.sweep.semantic.length);
  return config.format === 'scribblekitti' && scene.split === 'train'
    ? scribble(frame, labels, random.fork(`scribble ${frame.record.timestamp}`))
    : labels;
};

const keepTruth = async (run: Run, sequence: string, frame: SimulatedFrame): Promise<void> => {
  const { config, root } = run;
  const classOf = classTableOf(config.format);
  const { timestamp: taken, cameras } = frame.record;
  // KITTI's formats have one time for a scan and its pictures, by which readers ask.
  const timeOf = (fired: number): number => (config.format === 'nuscenes' ? fired : taken);
  await Promise.all([
    ...(config.groundTruth ? cameras : []).map(({ name, timestamp }, i) =>
      writeGroundTruth(
        root,
        { sequence, camera: name, timestamp: timeOf(timestamp) },
        frame.truth[i],
        classOf,
      ),
    ),
    ...(frame.moving ? [writeMovingTruth(root, { sequence, timestamp: taken }, frame.moving)] : []),
  ]);
};

/** What an earlier run left at `root`, if it was this very simulation; raises where the folder holds anything else. */
const summaryAt = async (root: string, receipt: string): Promise<SimulationSummary | undefined> => {
  const there = await stat(root).catch(ifAbsent);
  const refuse = (found: string): never =>
    raise(
      dataError(
        'mismatch',
        root,
        'folder',
        found,
        'no folder, an empty one, or the same simulation',
        'Choose another folder or remove this one.',
      ),
    );
  // Only a link can be there and lead nowhere.
  if (!there) return (await lstat(root).catch(ifAbsent)) ? refuse('a link to nothing') : undefined;
  if (!there.isDirectory()) return refuse('a file');
  const content = await readdir(root);
  // A file system's own top folder cannot be moved away at the end; told now, not after all frames.
  if (content.length === 0 && there.dev !== (await stat(dirname(root))).dev) return refuse('a mount point');
  if (content.length === 0) return undefined;
  const held = content.includes(receiptName) ? await readFile(join(root, receiptName), 'utf8') : '{}';
  const parsed = parseJson(held);
  if (isReceipt(parsed) && parsed.receipt === receipt) return parsed.summary;
  return refuse(content.includes(receiptName) ? 'a simulation with other options' : 'other files');
};

const ifAbsent = (thrown: NodeJS.ErrnoException): undefined => {
  if (thrown.code !== 'ENOENT') throw thrown;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isReceipt = (value: unknown): value is { receipt: string; summary: SimulationSummary } =>
  typeof value === 'object' && value !== null && 'receipt' in value && 'summary' in value;
