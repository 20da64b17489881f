import {
  type DatasetDescription,
  type Fed,
  type FeedItem,
  type FrameDataset,
  feed,
  type PreparedScan,
  prepareScan,
} from '@nerfseg/datasets';
import { type CylindricalGrid, type DataError, dataError, type Random } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';

/** Threads that read ahead. */
export interface ReadAhead {
  /** The data set again, as plain data that a thread can open: the same frames under the same numbers. */
  readonly description: DatasetDescription;
  /** Default: one less than there are processors, at least 1. */
  readonly workers?: number;
  /** Where the thread's code is, for programs that are bundled. */
  readonly worker?: URL;
}

/** Scans in the order in which they were listed. */
export interface ScanSource {
  readonly next: () => Promise<E.Either<DataError, PreparedScan>>;
  readonly close: () => Promise<void>;
}

export interface ScanSourceOptions {
  readonly dataset: FrameDataset;
  readonly grid: CylindricalGrid;
  readonly numClasses: number;
  readonly random: Random;
  readonly readAhead?: ReadAhead;
}

/**
 * Reads, augments and voxelizes the listed frames: in threads that read ahead, where the data set can be described to
 * them, else here, one scan ahead. What comes out is the same bit for bit: every item's random numbers follow from its
 * key.
 */
export const scanSource = (items: Iterable<FeedItem>, options: ScanSourceOptions): ScanSource =>
  options.readAhead ? inThreads(items, options, options.readAhead) : here(items, options);

const ended = (): DataError => dataError('empty', 'scans', 'items', 'no more', 'another one');

function inThreads(
  items: Iterable<FeedItem>,
  { dataset, grid, random }: ScanSourceOptions,
  { description, workers, worker }: ReadAhead,
): ScanSource {
  const scans = feed(items, {
    dataset: description,
    grid,
    random,
    ignoreVotes: false,
    ...(workers === undefined ? {} : { workers }),
    ...(worker === undefined ? {} : { worker }),
  });
  return {
    next: async () => {
      const { value } = await scans.next();
      if (!value) return E.left(ended());
      return E.chain(({ scan, item }: Fed) =>
        scan ? E.right({ ...scan, frame: dataset.frame(item.frame) }) : E.left(ended()),
      )(value);
    },
    close: async () => {
      await scans.return();
    },
  };
}

function here(items: Iterable<FeedItem>, options: ScanSourceOptions): ScanSource {
  const { dataset, grid, numClasses, random } = options;
  const list = items[Symbol.iterator]();
  const start = (): Promise<E.Either<DataError, PreparedScan>> | undefined => {
    const { value, done } = list.next();
    if (done) return undefined;
    const { frame, labelled, augment = true, key } = value;
    return prepareScan(dataset.frame(frame), {
      grid,
      numClasses,
      labelled,
      ignoreVotes: false,
      ...(augment ? { augmentation: random.fork(`feed ${key}`).fork('augment') } : {}),
    })();
  };
  let ahead: ReturnType<typeof start>;
  return {
    next: async () => {
      const current = ahead ?? start();
      if (!current) return E.left(ended());
      const scan = await current;
      ahead = start();
      return scan;
    },
    close: async () => {
      await ahead?.catch(() => undefined);
    },
  };
}
