import type { CameraView } from '@nerfseg/datasets';
import type { FusedSegment, PixelSemantics, Random, RayBundle, SegmentMasks } from '@nerfseg/geometry';
import { entropySample, fuseSemantics, sampleRays, segmentsAtPixels } from '@nerfseg/pseudolabel';
import { castRays, concatRays, type NerfHead } from '@nerfseg/render';
import { joinBytes, joinInts } from '../data/join.js';
import { type RenderViewOptions, rayLimits, renderView } from '../rays/render-view.js';
import type { ScanLevels } from '../rays/scan-levels.js';
import type { TrainSettings } from '../train/settings.js';
import { fusionCriteria } from './fusion-criteria.js';
import { objections, ownClasses } from './own-classes.js';
import { joinSemantics, type PointSemantics } from './point-semantics.js';
import { settleConflicts } from './settle-conflicts.js';

/** What a teacher says of one camera: rays in the un-augmented LiDAR frame, and the class of each. */
export interface LabelledView {
  readonly rays: RayBundle;
  /** [R] pseudo-label, 0 for rays outside the kept segments. */
  readonly classes: Uint8Array;
  /** [R] */
  readonly weights: Float32Array;
  /** Every segment that rays fell on, with its class (0: rejected). */
  readonly segments: readonly FusedSegment[];
  /** LiDAR points that the camera sees and the class of each, 0 for none; none where points did not vote. */
  readonly points: { readonly indices: Int32Array; readonly classes: Uint8Array };
  /** What was rendered at the first pass's pixels, [R1*2] of them. */
  readonly rendered: { readonly pixels: Int32Array; readonly semantics: PixelSemantics };
}

/** Which settings decide how segments are fused. */
export type FusionSettings = Pick<
  TrainSettings,
  | 'confidentEntropy'
  | 'conflictEntropy'
  | 'segmentEntropy'
  | 'segmentEntropyOfClass'
  | 'minCoverage'
  | 'minOpacity'
  | 'raysPerCamera'
  | 'rayStrategy'
  | 'pseudoSegments'
  | 'pseudoConflict'
  | 'pseudoSampling'
>;

/**
 * The paper's pseudo-labels in two passes (Timoneda et al. 2024, section III). First: pixels drawn segment by segment are
 * rendered by the teacher and fused within every mask. Second, the entropy sampler: inside the kept masks, pixels that
 * are unsure, those at the borders above all, take the mask's class unseen. Both passes supervise the student.
 *
 * Beyond the paper, LiDAR points that the camera sees vote beside the rays (`seen`): a thin object's rays mostly miss its
 * coarse voxels, its points do not; rays in turn reach segments that no beam hit. Kept masks label their points, too.
 */
export async function labelView(
  teacher: { readonly head: NerfHead; readonly levels: ScanLevels },
  view: CameraView,
  masks: SegmentMasks,
  seen: PointSemantics | undefined,
  settings: FusionSettings,
  render: RenderViewOptions,
  random: Random,
): Promise<LabelledView> {
  const first = settings.pseudoSegments ? settings.raysPerCamera >> 1 : settings.raysPerCamera;
  const strategy = settings.rayStrategy;
  const pixels = sampleRays(masks, first, random.fork('first pass'), { strategy });
  const { rays, semantics } = await renderView(teacher.head, teacher.levels, view, pixels, render);
  if (!settings.pseudoSegments) return withoutSegments(rays, pixels, semantics, seen, settings);
  const criteria = fusionCriteria(settings);
  const voters = seen
    ? { pixels: joinInts([pixels, seen.pixels]), semantics: joinSemantics(semantics, seen.semantics) }
    : { pixels, semantics };
  const labels = fuseSemantics(masks, voters.pixels, voters.semantics, criteria);
  const rule = settings.pseudoConflict ?? 'none';
  const settled = settleConflicts(labels.classOfRay, objections(voters.semantics, settings), rule);
  const rayCount = semantics.entropy.length;
  const coarse = { pixels, entropy: semantics.entropy };
  const rest = settings.raysPerCamera - first;
  const secondPass = random.fork('second pass');
  const more =
    settings.pseudoSampling === 'entropy'
      ? entropySample(masks, coarse, rest, secondPass, { labels })
      : sampleRays(masks, rest, secondPass, { strategy });
  const classOfMask = new Uint8Array(masks.masks.length);
  for (const { mask, classId } of labels.segments) classOfMask[mask] = classId;
  const unseen = Uint8Array.from(segmentsAtPixels(masks, more), (mask) =>
    mask < 0 ? 0 : classOfMask[mask]!,
  );
  const classes = joinBytes([settled.subarray(0, rayCount), unseen]);
  return {
    rays: concatRays([rays, castRays(view, more, rayLimits(render.grid))]),
    classes,
    weights: new Float32Array(classes.length).fill(1),
    segments: labels.segments,
    points: seen
      ? { indices: seen.points, classes: settled.slice(rayCount) }
      : { indices: new Int32Array(0), classes: new Uint8Array(0) },
    rendered: { pixels, semantics },
  };
}

/** Every ray and point labels itself: what masks add is seen beside it. */
function withoutSegments(
  rays: RayBundle,
  pixels: Int32Array,
  semantics: PixelSemantics,
  seen: PointSemantics | undefined,
  settings: FusionSettings,
): LabelledView {
  return {
    rays,
    classes: ownClasses(semantics, settings),
    weights: new Float32Array(semantics.entropy.length).fill(1),
    segments: [],
    points: seen
      ? { indices: seen.points, classes: ownClasses(seen.semantics, settings) }
      : { indices: new Int32Array(0), classes: new Uint8Array(0) },
    rendered: { pixels, semantics },
  };
}
