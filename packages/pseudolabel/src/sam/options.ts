import type { SamModel, SamWeights } from './find-weights.js';

/** What one picture took. */
export interface SamReport {
  readonly key: string | undefined;
  /** Prompts that were decoded, and masks that stayed. */
  readonly prompts: number;
  readonly masks: number;
}

/** How {@link samMasks} prompts Segment-Anything and what it keeps. The README maps the original generator's names. */
export interface SamOptions {
  /** Where to begin; the other options change it. Default `thorough`. */
  readonly preset?: SamPreset;
  /** Which model, where `weights` do not say; default `mobile-sam`. */
  readonly model?: SamModel;
  /** Paths of the ONNX files of any SAM or SAM 2; default: see `findSamWeights`. */
  readonly weights?: Partial<SamWeights>;
  /** Threads of onnxruntime; default: all cores. */
  readonly threads?: number;
  /** onnxruntime's execution providers, best first (`cuda`, `webgpu`, `coreml`, `dml`, `cpu`); default: the CPU. */
  readonly providers?: readonly string[];
  /** Told after each picture. */
  readonly report?: (report: SamReport) => void;
  /** Point prompts along a side of the grid; default 32. */
  readonly pointsPerSide?: number;
  /** As many prompts along the shorter side as along the longer; false: the same spacing. */
  readonly squareGrid?: boolean;
  /** Prompts of one's own in place of the grid: [x, y] from 0 to 1, one list per crop layer (the last serves deeper ones). */
  readonly pointGrids?: readonly (readonly (readonly [x: number, y: number])[])[];
  /**
   * `grid`; or `lidar`: where projected points say that there is something, given as `hints` to `segment` (the grid where
   * there are none).
   */
  readonly prompts?: 'grid' | 'lidar';
  /** At most so many prompts per crop; default: no limit. */
  readonly maxPrompts?: number;
  /** Skip prompts that lie in a mask which was accepted already. */
  readonly skipCovered?: boolean;
  /**
   * Leave the padding below or beside the picture out of decoding: nearly half of the work for a 16:9 picture. The
   * network was trained with it, so masks change a little.
   */
  readonly trimPadding?: boolean;
  /** Masks larger than this share of the picture spare only the prompts of the finest grid; default 0.15. */
  readonly coverLimit?: number;
  /** `all`: part, object and whole of every prompt, as the original; `best`: the one of highest predicted IoU. Default `all`. */
  readonly masksPerPrompt?: 'all' | 'best';
  /** Masks of no higher predicted IoU go; default: what suits the model (original: 0.88; 0: nothing goes). */
  readonly minPredictedIou?: number;
  /** Lowest stability score; default: what suits the model (original: 0.95). */
  readonly minStability?: number;
  /** Logits by which the threshold moves for the stability score; default 1. */
  readonly stabilityOffset?: number;
  /** Logits above it belong to the mask; default 0. */
  readonly maskThreshold?: number;
  /** Of two masks of a crop whose boxes overlap by more than this IoU, the worse goes; default 0.7. */
  readonly maxBoxIou?: number;
  /** 0: the whole picture only (default). n: also 4^i overlapping crops for i = 1..n, at one encoder run each. */
  readonly cropLayers?: number;
  /** The same for masks of different crops: that of the larger crop goes; default 0.7. */
  readonly maxCropBoxIou?: number;
  /** Overlap of neighbouring crops as a share of the picture's shorter side, halved per layer; default 512/1500. */
  readonly cropOverlap?: number;
  /** Layer n has `pointsPerSide` / this^n points along a side; default 1. */
  readonly cropPointsDownscale?: number;
  /** Holes and islands below so many pixels are removed, and masks that then are the same; default 0: nothing is. */
  readonly minRegionArea?: number;
}

/** The options that change the masks, all of them given. */
export type SamSettings = Required<
  Omit<SamOptions, 'preset' | 'model' | 'weights' | 'threads' | 'providers' | 'report'>
>;

/** Settings but for the thresholds, which depend on the model. */
type Preset = Omit<SamSettings, 'minPredictedIou' | 'minStability'>;

const thorough: Preset = {
  pointsPerSide: 32,
  squareGrid: true,
  pointGrids: [],
  prompts: 'grid',
  maxPrompts: Number.MAX_SAFE_INTEGER,
  skipCovered: false,
  trimPadding: true,
  coverLimit: 0.15,
  masksPerPrompt: 'all',
  stabilityOffset: 1,
  maskThreshold: 0,
  maxBoxIou: 0.7,
  cropLayers: 0,
  maxCropBoxIou: 0.7,
  cropOverlap: 512 / 1500,
  cropPointsDownscale: 1,
  minRegionArea: 0,
};

/**
 * `thorough`: every prompt of the original generator's 32 x 32 grid, all its parameters at its defaults but for the two
 * thresholds that depend on the weights, and padding left out. `fast`: one grid spacing along both sides, and no prompt
 * where a mask lies already: a tenth of the prompts for much the same masks (figures in the README).
 */
export const samPresets = {
  thorough,
  fast: { ...thorough, squareGrid: false, skipCovered: true },
} as const satisfies Readonly<Record<string, Preset>>;

export type SamPreset = keyof typeof samPresets;

/** Every setting of the original generator (`SamAutomaticMaskGenerator`), for its ViT-H weights. */
export const originalSamSettings: SamSettings = {
  ...thorough,
  trimPadding: false,
  minPredictedIou: 0.88,
  minStability: 0.95,
};
