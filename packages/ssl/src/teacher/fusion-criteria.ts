import type { FuseSemanticsOptions } from '@nerfseg/pseudolabel';
import type { TrainSettings } from '../train/settings.js';

/** Which of training's settings decide what rendered semantics say of a mask, as `fuseSemantics` takes them. */
export const fusionCriteria = (
  settings: Pick<
    TrainSettings,
    'confidentEntropy' | 'segmentEntropy' | 'segmentEntropyOfClass' | 'minCoverage' | 'minOpacity'
  >,
): FuseSemanticsOptions => ({
  confidentEntropy: settings.confidentEntropy,
  maxSegmentEntropy: settings.segmentEntropyOfClass ?? settings.segmentEntropy,
  minCoverage: settings.minCoverage,
  minOpacity: settings.minOpacity,
});
