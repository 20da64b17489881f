import type { TrainSettings } from '../train/settings.js';
import { ownClasses } from './own-classes.js';
import type { PointSemantics } from './point-semantics.js';

/**
 * Points that a camera does not see have no mask. They learn what the teacher is sure of by itself: without any label, things that are
 * hidden more often than others (low ones, behind ground that is still a blur) would be forgotten.
 *
 * @param into [N] pseudo-label per point, 0 for none; only zeros are overwritten
 */
export function labelHidden(
  { points, semantics }: PointSemantics,
  { confidentEntropy }: Pick<TrainSettings, 'confidentEntropy'>,
  into: Uint8Array,
): void {
  for (const [k, sure] of ownClasses(semantics, { confidentEntropy, minOpacity: 0 }).entries()) {
    const n = points[k]!;
    if (into[n] === 0) into[n] = sure;
  }
}
