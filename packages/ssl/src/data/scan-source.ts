import {
  type AugmentOptions,
  type DatasetDescription,
  type Fed,
  type FeedItem,
  type FrameDataset,
  feed,
  type MixSettings,
  type PreparedMix,
  type PreparedScan,
  prepareMix,
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
  /** For an item that mixes two frames. */
  readonly nextMix: () => Promise<E.Either<DataError, readonly PreparedMix[]>>;
  readonly close: () => Promise<void>;
}

export interface ScanSourceOptions {
  readonly dataset: FrameDataset;
  readonly grid: CylindricalGrid;
  readonly numClasses: number;
  readonly random: Random;
  readonly augment?: AugmentOptions;
  readonly mix: MixSettings;
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

/** What came of an item, one of the two. */
interface Read {
  readonly scan?: PreparedScan;
  readonly mixed?: readonly PreparedMix[];
}

const sourceOf = (
  next: () => Promise<E.Either<DataError, Read>>,
  close: ScanSource['close'],
): ScanSource => ({
  next: async () => E.chain(({ scan }: Read) => (scan ? E.right(scan) : E.left(ended())))(await next()),
  nextMix: async () => E.chain(({ mixed }: Read) => (mixed ? E.right(mixed) : E.left(ended())))(await next()),
  close,
});

function inThreads(
  items: Iterable<FeedItem>,
  { dataset, grid, random, augment, mix }: ScanSourceOptions,
  { description, workers, worker }: ReadAhead,
): ScanSource {
  const scans = feed(items, {
    dataset: description,
    grid,
    random,
    mix,
    ignoreVotes: false,
    ...(augment ? { augment } : {}),
    ...(workers === undefined ? {} : { workers }),
    ...(worker === undefined ? {} : { worker }),
  });
  return sourceOf(
    async () => {
      const { value } = await scans.next();
      if (!value) return E.left(ended());
      return E.map(
        ({ scan, mixed, item }: Fed): Read => ({
          ...(scan ? { scan: { ...scan, frame: dataset.frame(item.frame) } } : {}),
          ...(mixed ? { mixed } : {}),
        }),
      )(value);
    },
    async () => {
      await scans.return();
    },
  );
}

function here(items: Iterable<FeedItem>, options: ScanSourceOptions): ScanSource {
  const { dataset, grid, numClasses, random, augment: how, mix } = options;
  const list = items[Symbol.iterator]();
  const start = async (): Promise<E.Either<DataError, Read>> => {
    const { value, done } = list.next();
    if (done) return E.left(ended());
    const { frame, labelled, augment = true, mixWith, key } = value;
    const own = random.fork(`feed ${key}`);
    const prepare = {
      grid,
      numClasses,
      ignoreVotes: false,
      ...(how ? { augment: how } : {}),
      ...(augment ? { augmentation: own.fork('augment') } : {}),
    };
    if (!mixWith)
      return E.map((scan: PreparedScan): Read => ({ scan }))(
        await prepareScan(dataset.frame(frame), { ...prepare, labelled })(),
      );
    const frames = [dataset.frame(frame), dataset.frame(mixWith.frame)] as const;
    return E.map((mixed: readonly PreparedMix[]): Read => ({ mixed }))(
      await prepareMix(frames, [labelled, mixWith.labelled], mix, own.fork('mix'), prepare)(),
    );
  };
  let ahead: ReturnType<typeof start> | undefined;
  return sourceOf(
    async () => {
      const read = await (ahead ?? start());
      ahead = start();
      // What a data set throws is met where the scan is asked for.
      ahead.catch(() => undefined);
      return read;
    },
    async () => {
      await ahead?.catch(() => undefined);
    },
  );
}
