import type { PixelSemantics } from '@nerfseg/geometry';
import type { TrainSettings } from '../train/settings.js';
import { bestClasses } from './best-classes.js';

/** What each pixel says by itself: its likeliest class where it is confident and opaque enough, else 0; [R]. */
export function ownClasses(
  { numClasses, probabilities, entropy, opacity }: PixelSemantics,
  criteria: { readonly confidentEntropy: number; readonly minOpacity: number },
): Uint8Array {
  const best = bestClasses(probabilities, numClasses);
  return best.map((own, r) =>
    entropy[r]! <= criteria.confidentEntropy && opacity[r]! >= criteria.minOpacity ? own : 0,
  );
}

/** What each pixel holds against its mask: what it says by itself where it is sure enough to contradict; [R], 0 for none. */
export const objections = (
  semantics: PixelSemantics,
  {
    confidentEntropy,
    conflictEntropy = confidentEntropy,
    minOpacity,
  }: Pick<TrainSettings, 'confidentEntropy' | 'conflictEntropy' | 'minOpacity'>,
): Uint8Array => ownClasses(semantics, { confidentEntropy: conflictEntropy, minOpacity });
