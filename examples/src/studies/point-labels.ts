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
  fusionCriteria,
  labelHidden,
  labelView,
  type MasksOf,
  type PointSemantics,
  pointSemantics,
  projectionVotes,
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
  'projection',
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

/** Share of the light that must reach a point of the last way. */
const enoughLight = 0.7;

/**
 * Labels the points that cameras see with a trained teacher in five ways: its own classes where it is confident, votes of points in masks,
 * votes of rendered rays, votes of both, votes of rays and of those points that the rendered density does not hide; and counts what is right.
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
      const say = await sayOf(teacher, view, masks, seen, plain, { grid, settings }, random);
      count(counts, say, seen, plain, moving);
    }
    disposeFeatures(features);
  }
  return counts;
}

/** [K] classes that each way gives the points that a camera sees, 0 for none. */
async function sayOf(
  teacher: { readonly head: NonNullable<Trained['result']['head']>; readonly levels: ScanLevels },
  view: CameraView,
  masks: SegmentMasks,
  seen: PointSemantics,
  plain: PreparedScan,
  { grid, settings }: Pick<Trained['plan'], 'grid' | 'settings'>,
  random: Random,
): Promise<Record<Bridge, Uint8Array>> {
  const { numClasses, probabilities, entropy } = seen.semantics;
  const best = bestClasses(probabilities, numClasses);
  const projected = new Uint8Array(plain.pointLabels.length);
  projectionVotes([{ seen, masks }], settings, projected);
  const render = renderOptions(settings, grid);
  const withPoints = async (own: typeof settings) => {
    const { visible, hidden } = await visiblePoints(teacher, seen, plain.points, view, own, grid);
    const labels = await labelView(teacher, view, masks, visible, own, render, random);
    const classOfPoint = new Uint8Array(plain.pointLabels.length);
    for (const [k, n] of labels.points.indices.entries()) classOfPoint[n] = labels.points.classes[k]!;
    labelHidden(hidden, own, classOfPoint);
    return { view: labels, classes: Uint8Array.from(seen.points, (n) => classOfPoint[n]!) };
  };
  const both = await withPoints(settings);
  const lit = await withPoints({ ...settings, minTransmittance: enoughLight });
  const { pixels, semantics } = both.view.rendered;
  const rays = fuseSemantics(masks, pixels, semantics, fusionCriteria(settings));
  // Rays alone label masks; a point has the class of the mask that it is seen in.
  const classOfMask = new Uint8Array(masks.masks.length);
  for (const { mask, classId } of rays.segments) classOfMask[mask] = classId;
  return {
    teacher: best.map((c, k) => (entropy[k]! <= settings.confidentEntropy ? c : 0)),
    projection: Uint8Array.from(seen.points, (n) => projected[n]!),
    rendering: Uint8Array.from(segmentsAtPixels(masks, seen.pixels), (mask) =>
      mask < 0 ? 0 : classOfMask[mask]!,
    ),
    'rendering and points': both.classes,
    'rendering and lit points': lit.classes,
  };
}

function count(
  into: PointLabelCounts,
  say: Record<Bridge, Uint8Array>,
  { points }: PointSemantics,
  { pointLabels }: PreparedScan,
  moving: Uint8Array | undefined,
): void {
  for (const [k, n] of points.entries()) {
    const truth = pointLabels[n]!;
    if (truth === 0) continue;
    const groups: readonly Motion[] = moving ? ['all', moving[n] === 1 ? 'moving' : 'standing'] : ['all'];
    for (const bridge of bridges)
      for (const group of groups) {
        const counts = into[bridge][group];
        const found = say[bridge][k]!;
        counts.seen[truth]! += 1;
        if (found === 0) continue;
        counts.labelled[truth]! += 1;
        if (found === truth) counts.right[truth]! += 1;
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
