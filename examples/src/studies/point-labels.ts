import { disposeFeatures, encodeScans, planScans } from '@nerfseg/backbone';
import {
  type CameraView,
  type Frame,
  type FrameDataset,
  type PreparedScan,
  prepareScan,
} from '@nerfseg/datasets';
import { createRandom, type Random, type SegmentMasks } from '@nerfseg/geometry';
import { fuseSemantics, segmentsAtPixels } from '@nerfseg/pseudolabel';
import {
  bestClasses,
  type ConflictRule,
  fusionCriteria,
  labelByProjection,
  labelHidden,
  labelView,
  type MasksOf,
  type PointSemantics,
  pointSemantics,
  renderOptions,
  type ScanLevels,
  scanLevels,
  visiblePoints,
  voxelSemantics,
} from '@nerfseg/ssl';
import { need } from '../runner/need.js';
import type { Trained } from '../runner/run-one.js';

/** How good pseudo-labels of LiDAR points are, [C] counts by true class. */
export interface LabelCounts {
  readonly seen: number[];
  readonly labelled: number[];
  readonly right: number[];
}

export const bridges = [
  'teacher',
  'straight projection',
  'projection',
  'silent projection',
  'rendering',
  'rendering and points',
  'rendering and lit points',
] as const;
export type Bridge = (typeof bridges)[number];

/** All points together, those of things that stand, and those of things that move (both empty where that is not known). */
export const motions = ['all', 'standing', 'moving'] as const;
export type Motion = (typeof motions)[number];

export type PointLabelCounts = Record<Bridge, Record<Motion, LabelCounts>>;

/** [N] 1 for the points of a frame that are of something that moves. */
export type MovingOf = (frame: Frame) => Promise<Uint8Array>;

/** What a way says of points: [K] which, and their classes, 0 for none. */
interface Said {
  readonly points: Int32Array;
  readonly classes: Uint8Array;
}

/** Share of the light that must reach a point of the last way. */
const enoughLight = 0.7;

/**
 * Labels points in pictures with a trained teacher in seven ways: its own classes where it is confident; votes of all points in masks, which
 * overrule points (straight projection, the paper's); votes of the points that a z-buffer leaves, masks overruling (projection, as it is trained)
 * or silent where they contradict (as rendering is); votes of rendered rays; of rays and those points; of rays and those points that the rendered
 * density does not hide either. Counts what is right: of all points in the picture for straight projection, of those that the z-buffer leaves for
 * the others.
 */
export async function countPointLabels(
  { result: { network, head }, plan: { grid, settings } }: Trained,
  dataset: FrameDataset,
  frames: readonly number[],
  masksOf: MasksOf,
  movingOf?: MovingOf,
): Promise<PointLabelCounts> {
  if (!head) throw new Error('countPointLabels: needs a method that renders');
  const { numClasses } = network.config;
  const counts = emptyCounts(numClasses);
  for (const i of frames) {
    const frame = dataset.frame(i);
    const plain = await need(prepareScan(frame, { grid, numClasses, labelled: true, ignoreVotes: false }));
    const moving = await movingOf?.(frame);
    const features = encodeScans(network, planScans([plain.scan], network.config), {
      training: false,
      levels: true,
    });
    const voxels = await voxelSemantics(features.logits);
    const teacher = { head, levels: scanLevels(features, 0, grid) };
    for (const view of frame.cameras) {
      const masks = await need(masksOf(view, frame));
      const seen = pointSemantics(plain, voxels, view);
      const random = createRandom(`parallax ${frame.id} ${view.name}`);
      const inPicture = pointSemantics(plain, voxels, view, 'all');
      const say = await sayOf(teacher, view, masks, { seen, inPicture }, plain, { grid, settings }, random);
      count(counts, say, plain, moving);
    }
    disposeFeatures(features);
  }
  return counts;
}

/** What each way says of the points in a picture. */
async function sayOf(
  teacher: { readonly head: NonNullable<Trained['result']['head']>; readonly levels: ScanLevels },
  view: CameraView,
  masks: SegmentMasks,
  { seen, inPicture }: { readonly seen: PointSemantics; readonly inPicture: PointSemantics },
  plain: PreparedScan,
  { grid, settings }: Pick<Trained['plan'], 'grid' | 'settings'>,
  random: Random,
): Promise<Record<Bridge, Said>> {
  const { numClasses, probabilities, entropy } = seen.semantics;
  const best = bestClasses(probabilities, numClasses);
  const { points } = seen;
  const byProjection = (voters: PointSemantics, pseudoConflict: ConflictRule): Said => ({
    points: voters.points,
    classes: labelByProjection(voters, masks, { ...settings, pseudoConflict }).classOfRay,
  });
  const render = renderOptions(settings, grid);
  const withPoints = async (own: typeof settings) => {
    const { visible, hidden } = await visiblePoints(teacher, seen, plain.points, view, own, grid);
    const labels = await labelView(teacher, view, masks, visible, own, render, random);
    const classOfPoint = new Uint8Array(plain.pointLabels.length);
    for (const [k, n] of labels.points.indices.entries()) classOfPoint[n] = labels.points.classes[k]!;
    labelHidden(hidden, own, classOfPoint);
    return { view: labels, classes: Uint8Array.from(points, (n) => classOfPoint[n]!) };
  };
  const both = await withPoints(settings);
  const lit = await withPoints({ ...settings, minTransmittance: enoughLight });
  const { pixels, semantics } = both.view.rendered;
  const rays = fuseSemantics(masks, pixels, semantics, fusionCriteria(settings));
  // Rays alone label masks; a point has the class of the mask that it is seen in.
  const classOfMask = new Uint8Array(masks.masks.length);
  for (const { mask, classId } of rays.segments) classOfMask[mask] = classId;
  return {
    teacher: { points, classes: best.map((c, k) => (entropy[k]! <= settings.confidentEntropy ? c : 0)) },
    'straight projection': byProjection(inPicture, 'mask'),
    projection: byProjection(seen, 'mask'),
    'silent projection': byProjection(seen, 'none'),
    rendering: {
      points,
      classes: Uint8Array.from(segmentsAtPixels(masks, seen.pixels), (mask) =>
        mask < 0 ? 0 : classOfMask[mask]!,
      ),
    },
    'rendering and points': { points, classes: both.classes },
    'rendering and lit points': { points, classes: lit.classes },
  };
}

function count(
  into: PointLabelCounts,
  say: Record<Bridge, Said>,
  { pointLabels }: PreparedScan,
  moving: Uint8Array | undefined,
): void {
  for (const bridge of bridges) {
    const { points, classes } = say[bridge];
    for (const [k, n] of points.entries()) {
      const truth = pointLabels[n]!;
      if (truth === 0) continue;
      const groups: readonly Motion[] = moving ? ['all', moving[n] === 1 ? 'moving' : 'standing'] : ['all'];
      for (const group of groups) {
        const counts = into[bridge][group];
        counts.seen[truth]! += 1;
        if (classes[k] === 0) continue;
        counts.labelled[truth]! += 1;
        if (classes[k] === truth) counts.right[truth]! += 1;
      }
    }
  }
}

function emptyCounts(numClasses: number): PointLabelCounts {
  const zeros = (): number[] => new Array<number>(numClasses).fill(0);
  const empty = (): LabelCounts => ({ seen: zeros(), labelled: zeros(), right: zeros() });
  return Object.fromEntries(
    bridges.map((bridge) => [bridge, Object.fromEntries(motions.map((motion) => [motion, empty()]))]),
  ) as PointLabelCounts;
}
