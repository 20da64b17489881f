import type { PseudoLabels, SegmentMasks } from '@nerfseg/geometry';
import { fuseProjection } from '@nerfseg/pseudolabel';
import type { TrainSettings } from '../train/settings.js';
import { bestClasses } from './best-classes.js';
import { objections } from './own-classes.js';
import type { PointSemantics } from './point-semantics.js';
import { settleConflicts } from './settle-conflicts.js';

/** Which settings decide how projected votes are fused. */
export type ProjectionSettings = Pick<
  TrainSettings,
  | 'confidentEntropy'
  | 'conflictEntropy'
  | 'segmentEntropy'
  | 'segmentEntropyOfClass'
  | 'minCoverage'
  | 'pointsPerSegment'
  | 'pseudoConflict'
>;

/** What one camera's masks make of the likeliest classes of the points that it sees. */
export function labelByProjection(
  { points, pixels, semantics }: PointSemantics,
  masks: SegmentMasks,
  {
    confidentEntropy,
    conflictEntropy,
    segmentEntropy,
    segmentEntropyOfClass,
    minCoverage,
    pointsPerSegment,
    pseudoConflict = 'mask',
  }: ProjectionSettings,
): PseudoLabels {
  const { numClasses, probabilities, entropy } = semantics;
  const fused = fuseProjection(
    masks,
    {
      u: Float32Array.from(points, (_, k) => pixels[k * 2]),
      v: Float32Array.from(points, (_, k) => pixels[k * 2 + 1]),
    },
    bestClasses(probabilities, numClasses),
    {
      numClasses,
      entropy,
      confidentEntropy,
      maxSegmentEntropy: segmentEntropyOfClass ?? segmentEntropy,
      minCoverage,
      ...(pointsPerSegment === undefined ? {} : { maxPointsPerSegment: pointsPerSegment }),
    },
  );
  const own = objections(semantics, { confidentEntropy, conflictEntropy, minOpacity: 0 });
  return { ...fused, classOfRay: settleConflicts(fused.classOfRay, own, pseudoConflict) };
}

/**
 * The perspective-projection baseline: the teacher's point labels vote inside the masks that the points project into,
 * and the masks' classes go back to the points. No rendering: parallax is met by a sparse z-buffer alone.
 *
 * @param views what each camera sees of the points, with that camera's masks
 * @param into [N] pseudo-label per point, 0 for none; only zeros are overwritten, so the first camera decides
 */
export function projectionVotes(
  views: readonly { readonly seen: PointSemantics; readonly masks: SegmentMasks }[],
  settings: ProjectionSettings,
  into: Uint8Array,
): void {
  for (const { seen, masks } of views) {
    const { classOfRay } = labelByProjection(seen, masks, settings);
    for (const [k, n] of seen.points.entries()) if (into[n] === 0) into[n] = classOfRay[k];
  }
}
