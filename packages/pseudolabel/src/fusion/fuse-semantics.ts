import type { PixelSemantics, PseudoLabels, SegmentMasks } from '@nerfseg/geometry';
import { segmentsAtPixels } from '../masks/segments-at-pixels.js';
import type { MaskPriority } from '../masks/to-label-map.js';
import { labelRays, type RayWeighting } from './label-rays.js';
import { emptyTally, type SegmentCriteria } from './tally.js';

export interface FuseSemanticsOptions extends Partial<SegmentCriteria>, RayWeighting {
  /** A ray has a say when its normalised entropy is at most this; default 0.35. */
  readonly confidentEntropy?: number;
  /** ... and its opacity at least this, so that sky, which no voxel fills, gets no class; default 0.5. */
  readonly minOpacity?: number;
  /** Which mask a pixel belongs to where masks overlap; default `smallest`. */
  readonly priority?: MaskPriority;
}

/**
 * Pseudo-labels from rendered semantics (arXiv 2411.02969, section III): inside every mask the probabilities of the
 * confident rays are averaged; the mask gets the class of the largest mean (1..C-1, ties to the lowest id) when the
 * entropy of that mean is at most `maxSegmentEntropy` (default 0.35) and at least `minCoverage` (default 0.25) and
 * `minRays` (default 4) of its rays were confident. Then every ray inside a kept mask is supervised with its class,
 * the unsure ones too: they are what the masks are for.
 *
 * @param pixels [R*2] column, row of each ray; a ray outside of the picture or of every mask is ignored.
 * @param semantics what was rendered for the same R rays. Their entropies are over classes 1..C-1, normalised by log(C-1);
 *   `maxSegmentEntropy` is of the means of all C entries, normalised by log C, which comes out lower by log(C-1) / log C.
 * @returns [R] classes, weights and segments; `segments` lists every mask that holds a ray, the rejected with class 0.
 * @throws RangeError when the arrays do not belong to R rays of C classes, those of the options that are by class among them.
 */
export function fuseSemantics(
  masks: SegmentMasks,
  pixels: Int32Array,
  semantics: PixelSemantics,
  options: FuseSemanticsOptions = {},
): PseudoLabels {
  const { confidentEntropy = 0.35, minOpacity = 0.5 } = options;
  const { maxSegmentEntropy = 0.35, minCoverage = 0.25, minRays = 4 } = options;
  const { numClasses, probabilities, entropy, opacity } = semantics;
  const numRays = pixels.length / 2;
  if (
    entropy.length !== numRays ||
    opacity.length !== numRays ||
    probabilities.length !== numRays * numClasses
  )
    throw new RangeError(
      `fuseSemantics: ${numRays} pixels, ${entropy.length} entropies, ${opacity.length} opacities, ${probabilities.length} probabilities of ${numClasses} classes`,
    );
  const segmentOfRay = segmentsAtPixels(masks, pixels, options.priority);
  const tally = emptyTally(masks.masks.length, numClasses);
  for (let r = 0; r < numRays; r++) {
    const m = segmentOfRay[r]!;
    if (m < 0) continue;
    tally.rays[m]!++;
    // Written so that NaN has no say.
    if (!(entropy[r]! <= confidentEntropy && opacity[r]! >= minOpacity)) continue;
    tally.voters[m]!++;
    for (let c = 0; c < numClasses; c++)
      tally.votes[m * numClasses + c]! += probabilities[r * numClasses + c]!;
  }
  return labelRays(segmentOfRay, tally, { maxSegmentEntropy, minCoverage, minRays }, options);
}
