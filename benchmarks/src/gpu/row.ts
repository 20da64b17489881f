import type { Timing } from './clock.js';
import type { ProgramTime } from './pass-timer.js';

/** How a peer did on the same case. */
export interface PeerTime {
  /** Such as 'PyTorch gather, mm, index_add; TF32 off'. */
  readonly name: string;
  /** Milliseconds of a run; absent where it could not be run. */
  readonly ms?: number;
  /** The peer's time by ours: above 1, ours is faster. */
  readonly ratio?: number;
  /** Largest difference of the compared values from ours. */
  readonly differs?: number;
  /** Why there is no time. */
  readonly skipped?: string;
}

/** One measured case. Shares are of what was measured in the same run, or of the vendor's figure where one was given. */
export interface GpuRow extends Timing {
  readonly name: string;
  readonly gflop?: number;
  readonly gflops?: number;
  readonly shareOfPeak?: number;
  readonly shareOfVendorPeak?: number;
  /** Bytes that have to be read and written at least: each input and output once. */
  readonly bytes?: number;
  readonly gigabytesPerSecond?: number;
  readonly shareOfBandwidth?: number;
  readonly shareOfVendorBandwidth?: number;
  readonly millionSamplesPerSecond?: number;
  readonly peers: readonly PeerTime[];
  /** What each WGSL program of a run takes, the longest first, each dispatch in a pass of its own. */
  readonly programs?: readonly ProgramTime[];
  readonly note?: string;
}

/** What the vendor says of the card. */
export interface VendorPeaks {
  readonly gflops?: number;
  readonly gigabytes?: number;
}
