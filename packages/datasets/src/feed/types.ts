import type { CylindricalGrid, Random } from '@nerfseg/geometry';
import type { AugmentOptions } from '../augment/augment.js';
import type { MixSettings } from '../augment/mix-settings.js';
import type { DatasetDescription } from '../open-dataset.js';
import type { PreparedMix, PreparedScan } from './prepare-scan.js';

/** What is asked for: a frame, or two that are mixed. */
export interface FeedItem {
  /** Index into the data set. */
  readonly frame: number;
  /** Read its labels; a frame that has none is then an error. */
  readonly labelled: boolean;
  /** Default true. */
  readonly augment?: boolean;
  /** Another frame to mix it with, by `FeedOptions.mix`. */
  readonly mixWith?: { readonly frame: number; readonly labelled: boolean };
  /**
   * Names the random numbers of this item: the same name gives the same scan, whatever else is fed. Default: its
   * position in the feed. A run that resumes names its steps.
   */
  readonly key?: string;
}

/** A picture, decoded. */
export interface FedImage {
  /** The camera's channel. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** [height * width * 3] RGB, row by row. */
  readonly data: Uint8Array;
}

/** A frame as it is fed: a `PreparedScan` without the frame itself, which stays in its thread. */
export type FedScan = Omit<PreparedScan, 'frame'>;

/** What comes of an item. */
export interface Fed {
  readonly item: FeedItem;
  /** Of the item in the feed, from 0. */
  readonly position: number;
  /** The scan; absent when frames were mixed. */
  readonly scan?: FedScan;
  /** The mixed scans: two of LaserMix, one of PolarMix; absent when nothing was mixed. */
  readonly mixed?: readonly PreparedMix[];
  /** Pictures of the (first) frame's cameras, where `FeedOptions.images` asks for them. */
  readonly images?: readonly FedImage[];
}

/** What every worker is told once; plain data. */
export interface FeedSettings {
  readonly dataset: DatasetDescription;
  readonly grid: CylindricalGrid;
  /** How far augmentation goes. Default: Cylinder3D's. */
  readonly augment?: Omit<AugmentOptions, 'arrays'>;
  /** How items with `mixWith` are mixed. Default: LaserMix. */
  readonly mix?: MixSettings;
  /** Whether unlabelled points vote on a voxel's label. Default false, since 0 may mean "not asked". */
  readonly ignoreVotes?: boolean;
  /** Decode the pictures of items that are not mixed, too. Default false. */
  readonly images?: boolean;
}

export interface FeedOptions extends FeedSettings {
  readonly random: Random;
  /** Threads. Default: one less than there are processors, at least 1. They change nothing but the speed. */
  readonly workers?: number;
  /** Most items that are ready or under way before they are asked for: it bounds the memory. Default 2 per worker. */
  readonly ahead?: number;
  /**
   * Use the memory of an item again once the next one is asked for: its arrays are empty from then on, so what is to
   * stay must be copied. Faster, since the system need not map new memory for every scan. Default false.
   */
  readonly reuse?: boolean;
  readonly signal?: AbortSignal;
  /** Where the worker's code is, for programs that are bundled. Default: `worker.js` beside this module. */
  readonly worker?: URL;
}
