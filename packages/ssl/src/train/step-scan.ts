import type { ScanPlan } from '@nerfseg/backbone';
import type { PreparedMix, PreparedScan } from '@nerfseg/datasets';
import type { LabelledView } from '../teacher/label-view.js';

/** A frame in a step, and what a teacher said of it. */
export interface FrameScan {
  readonly kind: 'labelled' | 'unlabelled';
  /** As the student sees it. */
  readonly prepared: PreparedScan;
  /** As the sensor saw it: what a teacher labels. Only of unlabelled frames, where the method asks for it. */
  readonly plain?: PreparedScan;
  /** Rays of cameras, with pseudo-labels. */
  readonly views: readonly LabelledView[];
  /** [N] pseudo-label of each of the student's points, 0 for none. */
  readonly pseudoPoints?: Uint8Array;
  /** [V*C] class probabilities that the teacher gives the student's voxels. */
  readonly target?: Float32Array;
  /** Coordinates and kernel maps, where a teacher needed them already. */
  readonly plan?: ScanPlan;
}

/** Two scans as one. */
export interface MixedStepScan {
  readonly kind: 'mixed';
  /** Both scans' own, or partly a teacher's. */
  readonly labels: 'true' | 'partly taught';
  readonly prepared: PreparedMix;
}

/** A scan that the student learns from. Mixed ones come last in a step. */
export type StepScan = FrameScan | MixedStepScan;

export const isFrameScan = (scan: StepScan): scan is FrameScan => scan.kind !== 'mixed';
