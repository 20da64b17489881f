import type { CameraView, Frame, FrameDataset, PreparedScan } from '@nerfseg/datasets';
import type { NerfHead } from '@nerfseg/render';
import type { ScanLevels, VoxelSemantics } from '@nerfseg/ssl';
import type { Trained } from '../runner/run-one.js';
import { seeFrame } from './see-frame.js';

/** How good pseudo-labels of LiDAR points are, [C] counts by true class. */
export interface LabelCounts {
  readonly seen: number[];
  readonly labelled: number[];
  readonly right: number[];
}

/** All points together, those of things that stand, and those of things that move (both empty where that is not known). */
export const motions = ['all', 'standing', 'moving'] as const;
export type Motion = (typeof motions)[number];

export type PointLabelCounts<Way extends string> = Record<Way, Record<Motion, LabelCounts>>;

/** [N] 1 for the points of a frame that are of something that moves. */
export type MovingOf = (frame: Frame) => Promise<Uint8Array>;

/** One picture, and what a trained network makes of the scan beside it. */
export interface Looked {
  readonly frame: Frame;
  readonly view: CameraView;
  /** The scan, not augmented. */
  readonly plain: PreparedScan;
  readonly voxels: VoxelSemantics;
  readonly teacher: { readonly head: NerfHead; readonly levels: ScanLevels };
}

/** What a way says of points: [K] which, and their classes, 0 for none. */
export interface Said {
  readonly points: Int32Array;
  readonly classes: Uint8Array;
}

/** Points that some picture shows (twice where two do); those that got a label; those that got the right one. */
export interface Quality {
  readonly seen: number;
  readonly labelled: number;
  readonly right: number;
}

/** Lets several ways label the points in every picture of some frames with one trained network, and counts what is right. */
export async function countPointLabels<Way extends string>(
  trained: Trained,
  dataset: FrameDataset,
  frames: readonly number[],
  ways: readonly Way[],
  say: (looked: Looked) => Promise<Record<Way, Said>>,
  movingOf?: MovingOf,
): Promise<PointLabelCounts<Way>> {
  const { network, head } = trained.result;
  if (!head) throw new Error('countPointLabels: needs a method that renders');
  const counts = emptyCounts(ways, network.config.numClasses);
  for (const i of frames) {
    const frame = dataset.frame(i);
    const moving = await movingOf?.(frame);
    await seeFrame(trained, frame, async ({ plain, voxels, levels }) => {
      const teacher = { head, levels };
      for (const view of frame.cameras)
        count(counts, ways, await say({ frame, view, plain, voxels, teacher }), plain, moving);
    });
  }
  return counts;
}

/** The counts of some classes together. */
export function qualityOf({ seen, labelled, right }: LabelCounts, classes: readonly number[]): Quality {
  const sum = (counts: readonly number[]): number => classes.reduce((total, id) => total + counts[id]!, 0);
  return { seen: sum(seen), labelled: sum(labelled), right: sum(right) };
}

function count<Way extends string>(
  into: PointLabelCounts<Way>,
  ways: readonly Way[],
  said: Record<Way, Said>,
  { pointLabels }: PreparedScan,
  moving: Uint8Array | undefined,
): void {
  for (const way of ways) {
    const { points, classes } = said[way];
    for (const [k, n] of points.entries()) {
      const truth = pointLabels[n]!;
      if (truth === 0) continue;
      const groups: readonly Motion[] = moving ? ['all', moving[n] === 1 ? 'moving' : 'standing'] : ['all'];
      for (const group of groups) {
        const counts = into[way][group];
        counts.seen[truth]! += 1;
        if (classes[k] === 0) continue;
        counts.labelled[truth]! += 1;
        if (classes[k] === truth) counts.right[truth]! += 1;
      }
    }
  }
}

function emptyCounts<Way extends string>(ways: readonly Way[], numClasses: number): PointLabelCounts<Way> {
  const zeros = (): number[] => new Array<number>(numClasses).fill(0);
  const empty = (): LabelCounts => ({ seen: zeros(), labelled: zeros(), right: zeros() });
  return Object.fromEntries(
    ways.map((way) => [way, Object.fromEntries(motions.map((motion) => [motion, empty()]))]),
  ) as PointLabelCounts<Way>;
}
