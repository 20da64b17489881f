import type { SamOptions } from '@nerfseg/pseudolabel';
import { type Corruption, usualCorruption } from '../runner/truth-masks.js';

/** A way to get masks, under a name. */
export interface MaskSetting {
  readonly name: string;
  readonly sam?: SamOptions;
  /** On simulated pictures: the simulator's segments, spoilt so. */
  readonly corruption?: Corruption;
}

const fast = (name: string, options: SamOptions = {}): MaskSetting => ({
  name,
  sam: { preset: 'fast', ...options },
});

/** MobileSAM's thresholds by default: predicted IoU 0.75, stability 0.85, box IoU 0.7, 32 points on the longer side. */
export const samSettings: readonly MaskSetting[] = [
  fast('SAM, fast'),
  fast('16 points per side', { pointsPerSide: 16 }),
  fast('64 points per side', { pointsPerSide: 64 }),
  fast('predicted IoU above 0.6', { minPredictedIou: 0.6 }),
  fast('predicted IoU above 0.88', { minPredictedIou: 0.88 }),
  fast('stability from 0.7', { minStability: 0.7 }),
  fast('stability from 0.95', { minStability: 0.95 }),
  fast('boxes overlap below 0.5', { maxBoxIou: 0.5 }),
  fast('boxes overlap below 0.9', { maxBoxIou: 0.9 }),
  { name: 'SAM, thorough', sam: { preset: 'thorough' } },
];

const spoilt = (name: string, corruption: Partial<Corruption> = {}): MaskSetting => ({
  name,
  corruption: { ...usualCorruption, ...corruption },
});

/** Segment-Anything beside what stands in for it on simulated data, and what `thresholds` makes of that. */
export const calibration: readonly MaskSetting[] = [
  fast('SAM, fast'),
  spoilt('truth, spoilt as usual'),
  spoilt('truth, 3 % lost, borders off by 1 pixel', { drop: 0.03, jitter: 1 }),
  spoilt('truth, 3 % lost, borders off by 1.5 pixels', { drop: 0.03, jitter: 1.5 }),
  spoilt('truth, perfect', { jitter: 0, merge: 0, minArea: 1, drop: 0 }),
  spoilt('truth, borders off by 2 pixels', { jitter: 2 }),
  spoilt('truth, half of the segments lost', { drop: 0.5 }),
  spoilt('truth, all grounds in one', { merge: 1 }),
];
