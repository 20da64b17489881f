import { createRandom } from '@nerfseg/geometry';
import { fuseSemantics, segmentsAtPixels } from '@nerfseg/pseudolabel';
import {
  bestClasses,
  type ConflictRule,
  fusionCriteria,
  labelByProjection,
  type MasksOf,
  type PointSemantics,
  pointSemantics,
} from '@nerfseg/ssl';
import { need } from '../runner/need.js';
import type { RunPlan } from '../runner/settings.js';
import type { Looked, Said } from './count-point-labels.js';
import { labelByRendering } from './label-by-rendering.js';

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

/** Share of the light that must reach a point of the last way. */
const enoughLight = 0.7;

/**
 * Seven ways to label the points in a picture with a trained teacher: its own classes where it is confident; votes of all points in masks, which
 * overrule points (straight projection, the paper's); votes of the points that a z-buffer leaves, masks overruling (projection, as it is trained)
 * or silent where they contradict (as rendering is); votes of rendered rays; of rays and those points; of rays and those points that the rendered
 * density does not hide either. Straight projection speaks of all points in the picture, the others of those that the z-buffer leaves.
 */
export const labelByBridges =
  (masksOf: MasksOf, { grid, settings }: Pick<RunPlan, 'grid' | 'settings'>) =>
  async (looked: Looked): Promise<Record<Bridge, Said>> => {
    const { frame, view, plain, voxels } = looked;
    const masks = await need(masksOf(view, frame));
    const seen = pointSemantics(plain, voxels, view);
    const inPicture = pointSemantics(plain, voxels, view, 'all');
    const random = createRandom(`parallax ${frame.id} ${view.name}`);
    const { numClasses, probabilities, entropy } = seen.semantics;
    const best = bestClasses(probabilities, numClasses);
    const { points } = seen;
    const byProjection = (voters: PointSemantics, pseudoConflict: ConflictRule): Said => ({
      points: voters.points,
      classes: labelByProjection(voters, masks, { ...settings, pseudoConflict }).classOfRay,
    });
    const byRendering = (own: typeof settings) =>
      labelByRendering(looked, seen, masks, { grid, settings: own }, random);
    const both = await byRendering(settings);
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
      'rendering and points': both,
      'rendering and lit points': await byRendering({ ...settings, minTransmittance: enoughLight }),
    };
  };
