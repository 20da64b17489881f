import type { SamChanges } from '../runner/spec.js';
import { type Corruption, usualCorruption } from '../runner/truth-masks.js';

/** A way to get masks, under a name. */
export interface MaskSetting {
  readonly name: string;
  /** What differs from the preset `fast`. */
  readonly sam?: SamChanges;
  /** On simulated pictures: the simulator's segments, spoilt so. */
  readonly corruption?: Corruption;
}

const told = (name: string, sam: SamChanges = {}): MaskSetting => ({ name, sam });

/** MobileSAM's thresholds by default: predicted IoU 0.75, stability 0.85, box IoU 0.7, 32 points on the longer side. */
export const samSettings: readonly MaskSetting[] = [
  told('SAM, fast'),
  told('16 points per side', { pointsPerSide: 16 }),
  told('64 points per side', { pointsPerSide: 64 }),
  told('predicted IoU above 0.6', { minPredictedIou: 0.6 }),
  told('predicted IoU above 0.88', { minPredictedIou: 0.88 }),
  told('stability from 0.7', { minStability: 0.7 }),
  told('stability from 0.95', { minStability: 0.95 }),
  told('boxes overlap below 0.5', { maxBoxIou: 0.5 }),
  told('boxes overlap below 0.9', { maxBoxIou: 0.9 }),
  told('SAM, thorough', { preset: 'thorough' }),
];

const spoilt = (name: string, corruption: Partial<Corruption> = {}): MaskSetting => ({
  name,
  corruption: { ...usualCorruption, ...corruption },
});

/** Segment-Anything beside what stands in for it on simulated data, and what `thresholds` makes of that. */
export const calibration: readonly MaskSetting[] = [
  told('SAM, fast'),
  spoilt('truth, spoilt as usual'),
  spoilt('truth, 3 % lost, borders off by 1 pixel', { drop: 0.03, jitter: 1 }),
  spoilt('truth, 3 % lost, borders off by 1.5 pixels', { drop: 0.03, jitter: 1.5 }),
  spoilt('truth, perfect', { jitter: 0, merge: 0, minArea: 1, drop: 0 }),
  spoilt('truth, borders off by 2 pixels', { jitter: 2 }),
  spoilt('truth, half of the segments lost', { drop: 0.5 }),
  spoilt('truth, all grounds in one', { merge: 1 }),
];
