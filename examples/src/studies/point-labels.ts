import { disposeFeatures, encodeScans, planScans } from '@nerfseg/backbone';
import { type Frame, type FrameDataset, type PreparedScan, prepareScan } from '@nerfseg/datasets';
import { createRandom } from '@nerfseg/geometry';
import { segmentsAtPixels } from '@nerfseg/pseudolabel';
import {
  labelView,
  type MasksOf,
  pointSemantics,
  projectionVotes,
  scanLevels,
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

export const bridges = ['teacher', 'projection', 'rendering', 'rendering and points'] as const;
export type Bridge = (typeof bridges)[number];

/**
 * Labels the points that cameras see with a trained teacher in four ways: its own classes where it is confident, votes of points in masks,
 * votes of rendered rays, votes of both; and counts what is right.
 */
export async function countPointLabels(
  { result, plan: { grid, settings } }: Trained,
  dataset: FrameDataset,
  masksOf: MasksOf,
): Promise<Record<Bridge, LabelCounts>> {
  const { network, head } = result;
  if (!head) throw new Error('countPointLabels: needs a method that renders');
  const numClasses = network.config.numClasses;
  const empty = (): LabelCounts => ({
    seen: new Array<number>(numClasses).fill(0),
    labelled: new Array<number>(numClasses).fill(0),
    right: new Array<number>(numClasses).fill(0),
  });
  const counts: Record<Bridge, LabelCounts> = {
    teacher: empty(),
    projection: empty(),
    rendering: empty(),
    'rendering and points': empty(),
  };
  for (let i = 0; i < dataset.length; i++) {
    const frame: Frame = dataset.frame(i);
    const plain: PreparedScan = await need(
      prepareScan(frame, { grid, numClasses, labelled: true, ignoreVotes: false }),
    );
    const features = encodeScans(network, planScans([plain.scan], network.config), {
      training: false,
      levels: true,
    });
    const voxels = await voxelSemantics(features.logits);
    const teacher = { head, levels: scanLevels(features, 0, grid) };
    const render = { grid, samplesPerRay: settings.samplesPerRay };
    for (const view of frame.cameras) {
      const masks = await need(masksOf(view, frame));
      const seen = pointSemantics(plain, voxels, view);
      const random = createRandom(`parallax ${frame.id} ${view.name}`);
      const projected = new Uint8Array(plain.pointLabels.length);
      projectionVotes([{ seen, masks }], settings, projected);
      const both = await labelView(teacher, view, masks, seen, settings, render, random);
      const rays = await labelView(teacher, view, masks, undefined, settings, render, random);
      const own = await labelView(
        teacher,
        view,
        masks,
        seen,
        { ...settings, pseudoSegments: false },
        render,
        random,
      );
      // Rays alone label masks; a point has the class of the mask that it is seen in.
      const classOfMask = new Uint8Array(masks.masks.length);
      for (const { mask, classId } of rays.segments) classOfMask[mask] = classId;
      const inMask = segmentsAtPixels(masks, seen.pixels);
      for (const [k, n] of seen.points.entries()) {
        const truth = plain.pointLabels[n]!;
        if (truth === 0) continue;
        const say: Record<Bridge, number> = {
          teacher: own.points.classes[k]!,
          projection: projected[n]!,
          rendering: inMask[k]! < 0 ? 0 : classOfMask[inMask[k]!]!,
          'rendering and points': both.points.classes[k]!,
        };
        for (const bridge of bridges) {
          counts[bridge].seen[truth]! += 1;
          if (say[bridge] === 0) continue;
          counts[bridge].labelled[truth]! += 1;
          if (say[bridge] === truth) counts[bridge].right[truth]! += 1;
        }
      }
    }
    disposeFeatures(features);
  }
  return counts;
}
