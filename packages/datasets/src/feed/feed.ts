import { availableParallelism } from 'node:os';
import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { Answer } from './messages.js';
import type { Fed, FeedItem, FeedOptions } from './types.js';
import { startPool } from './worker-pool.js';

/**
 * Reads, augments, mixes and voxelizes frames in worker threads, and gives them in the order in which they were asked
 * for. Every item has random numbers of its own, so that neither the number of workers nor their speed changes what
 * comes out. At most `ahead` items are ready or under way: who reads slowly stops the reading. Each worker opens the
 * data set for itself; arrays are handed over, not copied.
 *
 * Nothing is started before the first item is asked for, and the workers end with the loop, however it is left. An
 * item that fails is a `Left` in its place, and the feed goes on with the next; after `signal` comes one last
 * `interrupted`.
 *
 * @param items taken as they are needed; it may be endless.
 * @throws RangeError for an index that the data set does not have, and other mistakes of the caller's.
 */
export async function* feed(
  items: Iterable<FeedItem>,
  options: FeedOptions,
): AsyncGenerator<Either<DataError, Fed>, void, undefined> {
  const { random, signal, reuse = false, worker: code = new URL('./worker.js', import.meta.url) } = options;
  const { workers = Math.max(1, availableParallelism() - 1) } = options;
  const { ahead = 2 * workers } = options;
  if (!(Number.isInteger(workers) && workers > 0 && Number.isInteger(ahead) && ahead > 0))
    throw new RangeError(`feed: ${workers} workers, ${ahead} items ahead`);
  const { dataset, grid, augment, mix, ignoreVotes, images } = options;
  const settings = {
    dataset,
    grid,
    reuse,
    ...(augment ? { augment } : {}),
    ...(mix ? { mix } : {}),
    ...(ignoreVotes === undefined ? {} : { ignoreVotes }),
    ...(images === undefined ? {} : { images }),
  };
  const source = items[Symbol.iterator]();
  const pool = startPool(code, workers, settings);
  const idle: ArrayBuffer[] = [];
  const underWay: Promise<Answer>[] = [];
  let position = 0;
  let exhausted = false;
  const interruption = interruptible(signal);
  try {
    for (;;) {
      while (!exhausted && underWay.length < ahead) {
        const next = source.next();
        exhausted = next.done === true;
        if (next.done) break;
        const { key = String(position) } = next.value;
        const slab = idle.pop();
        underWay.push(
          pool.run({
            position: position++,
            item: next.value,
            random: random.fork(`feed ${key}`).state(),
            ...(slab ? { slab } : {}),
          }),
        );
      }
      const [first] = underWay;
      if (first === undefined) return;
      pool.hold(true);
      const answer = await interruption.wait(first);
      pool.hold(false);
      if (answer === undefined) {
        const done = `${position - underWay.length} items fed`;
        yield left(dataError('interrupted', 'feed', 'signal', done, 'to be read to the end'));
        return;
      }
      underWay.shift();
      if (answer.kind === 'thrown') throw new RangeError(`feed: ${answer.message}`);
      yield answer.kind === 'error' ? left(answer.error) : right(answer.fed);
      if (answer.kind === 'fed' && answer.slab && answer.slab.byteLength > 0) idle.push(answer.slab);
    }
  } finally {
    interruption.release();
    try {
      source.return?.();
    } finally {
      await pool.close();
    }
  }
}

/**
 * Waiting that a signal ends. Not `Promise.race`: a promise that never settles would keep every race it was in, and
 * with it what each of them gave, until the feed is closed.
 */
const interruptible = (
  signal: AbortSignal | undefined,
): {
  /** What the promise gives; undefined where the signal is given before. */
  readonly wait: <A>(promise: Promise<A>) => Promise<A | undefined>;
  readonly release: () => void;
} => {
  let wake: (() => void) | undefined;
  const stop = (): void => wake?.();
  signal?.addEventListener('abort', stop, { once: true });
  return {
    wait: (promise) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return resolve(undefined);
        wake = () => resolve(undefined);
        promise.then(resolve, reject);
      }),
    release: () => signal?.removeEventListener('abort', stop),
  };
};
