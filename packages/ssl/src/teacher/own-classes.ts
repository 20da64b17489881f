import type { PixelSemantics } from '@nerfseg/geometry';
import type { TrainSettings } from '../train/settings.js';

/** What each pixel says by itself: its likeliest class where it is confident and opaque enough, else 0; [R]. */
export function ownClasses(
  { numClasses, probabilities, entropy, opacity }: PixelSemantics,
  criteria: { readonly confidentEntropy: number; readonly minOpacity: number },
): Uint8Array {
  const classes = new Uint8Array(entropy.length);
  for (let r = 0; r < entropy.length; r++) {
    if (!(entropy[r]! <= criteria.confidentEntropy && opacity[r]! >= criteria.minOpacity)) continue;
    let best = 1;
    for (let c = 2; c < numClasses; c++)
      if (probabilities[r * numClasses + c]! > probabilities[r * numClasses + best]!) best = c;
    classes[r] = best;
  }
  return classes;
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
