import type { SamWeights } from './find-weights.js';

/** What one picture took. */
export interface SamReport {
  readonly key: string | undefined;
  /** Prompts that were decoded, and masks that stayed. */
  readonly prompts: number;
  readonly masks: number;
}

/** How {@link samMasks} prompts Segment-Anything and what it keeps. */
export interface SamOptions {
  /** Paths of the ONNX files; default: see `findSamWeights`. */
  readonly weights?: Partial<SamWeights>;
  /** Threads of onnxruntime; default: all cores. */
  readonly threads?: number;
  /** Told after each picture. */
  readonly report?: (report: SamReport) => void;
  /** Point prompts along the longer side; default 32. */
  readonly pointsPerSide?: number;
  /** As many prompts along the shorter side too, as the original generator has it; default false: the same spacing. */
  readonly squareGrid?: boolean;
  /** At most so many prompts per crop, coarse grid first; default: no limit. */
  readonly maxPrompts?: number;
  /**
   * Skip prompts that lie in a mask which was accepted already; default true, false in the original generator.
   * See the README for what it saves and costs.
   */
  readonly skipCovered?: boolean;
  /**
   * Leave the padding below or beside the picture out of decoding: nearly half of the work for a 16:9 picture. The
   * network was trained with it, so masks change a little; default true.
   */
  readonly trimPadding?: boolean;
  /** Masks larger than this share of the picture spare only the prompts of the finest grid; default 0.15. */
  readonly coverLimit?: number;
  /** `all`: part, object and whole of every prompt, as the original; `best`: the one of highest predicted IoU. Default `all`. */
  readonly masksPerPrompt?: 'all' | 'best';
  /** Lowest predicted IoU; default 0.75 (original: 0.88). */
  readonly minPredictedIou?: number;
  /** Lowest stability score; default 0.85 (original: 0.95). */
  readonly minStability?: number;
  /** Logits by which the threshold moves for the stability score; default 1. */
  readonly stabilityOffset?: number;
  /** Of two masks whose boxes overlap by more than this IoU, the worse goes; default 0.7. */
  readonly maxBoxIou?: number;
  /** 0: the whole picture only (default). n: also 4^i overlapping crops for i = 1..n, at one encoder run each. */
  readonly cropLayers?: number;
  /** Overlap of neighbouring crops as a share of the picture's shorter side, halved per layer; default 512/1500. */
  readonly cropOverlap?: number;
  /** Holes and islands below so many pixels are removed, and smaller masks dropped; default 0: nothing is. */
  readonly minRegionArea?: number;
}

/** The options that change the masks, all of them given. */
export type SamSettings = Required<Omit<SamOptions, 'weights' | 'threads' | 'report'>>;

/**
 * Settings that suit MobileSAM's weights on street scenes: at the original thresholds they leave most of the picture
 * without a mask, and most prompts fall on what an earlier mask covers (figures in the README).
 */
export const samDefaults: SamSettings = {
  pointsPerSide: 32,
  squareGrid: false,
  maxPrompts: Number.MAX_SAFE_INTEGER,
  skipCovered: true,
  trimPadding: true,
  coverLimit: 0.15,
  masksPerPrompt: 'all',
  minPredictedIou: 0.75,
  minStability: 0.85,
  stabilityOffset: 1,
  maxBoxIou: 0.7,
  cropLayers: 0,
  cropOverlap: 512 / 1500,
  minRegionArea: 0,
};

/** The settings of the original generator (`SamAutomaticMaskGenerator`). */
export const originalSamSettings: SamSettings = {
  ...samDefaults,
  squareGrid: true,
  skipCovered: false,
  trimPadding: false,
  minPredictedIou: 0.88,
  minStability: 0.95,
};
