import type { DataError } from '@nerfseg/geometry';
import type { Fed, FeedItem, FeedSettings } from './types.js';

/** What a worker is started with. */
export interface WorkerSettings extends FeedSettings {
  readonly reuse: boolean;
}

/** One item for a worker. */
export interface Job {
  readonly position: number;
  readonly item: FeedItem;
  /** State of the item's own generator. */
  readonly random: readonly number[];
  /** Memory to be used again. */
  readonly slab?: ArrayBuffer;
}

/** What a worker answers, one for each job, in the order of its jobs. */
export type Answer =
  | { readonly kind: 'fed'; readonly fed: Fed; readonly slab?: ArrayBuffer }
  | { readonly kind: 'error'; readonly error: DataError }
  /** A programmer's mistake: thrown again where the feed is read. */
  | { readonly kind: 'thrown'; readonly message: string };

/** The memory that an answer lives in, each block once: it is handed over, not copied. */
export const buffersOf = (value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> => {
  if (value instanceof ArrayBuffer) found.add(value);
  else if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (typeof value === 'object' && value !== null)
    for (const part of Object.values(value)) buffersOf(part, found);
  return found;
};
