import type { MessagePort } from 'node:worker_threads';
import { type DataError, restoreRandom } from '@nerfseg/geometry';
import type { Either } from 'fp-ts/lib/Either.js';
import { guard, unwrap } from '../files/guard.js';
import { openDataset } from '../open-dataset.js';
import type { Frame, FrameDataset } from '../types.js';
import { type Answer, buffersOf, type Job, type WorkerSettings } from './messages.js';
import { prepareMix, prepareScan } from './prepare-scan.js';
import { slabArrays } from './slab-arrays.js';
import type { Fed, FedImage } from './types.js';

/** Answers jobs in their order. The data set is opened when the first one comes. */
export const serveJobs = (port: MessagePort, settings: WorkerSettings): void => {
  let opened: Promise<Either<DataError, FrameDataset>> | undefined;
  let before: Promise<void> = Promise.resolve();
  // What the largest scan so far took; the first one is not known.
  let slabBytes = 0;
  const answer = async (job: Job): Promise<Answer> => {
    opened ??= openDataset(settings.dataset)();
    const dataset = await opened;
    if (dataset._tag === 'Left') return { kind: 'error', error: dataset.left };
    const slab = job.slab && job.slab.byteLength >= slabBytes ? job.slab : new ArrayBuffer(slabBytes);
    const arrays = slabArrays(slab);
    const fed = await work(dataset.right, settings, job, settings.reuse ? { arrays } : {})();
    // A tenth more, so that scans of slightly different sizes need no new block each.
    if (settings.reuse && arrays.used() > slabBytes) slabBytes = Math.ceil(arrays.used() * 1.1);
    if (fed._tag === 'Left') return { kind: 'error', error: fed.left };
    return { kind: 'fed', fed: fed.right, ...(settings.reuse ? { slab } : {}) };
  };
  port.on('message', (job: Job) => {
    // Begun at once, so that files are read while another scan is computed; there are never more than `ahead`.
    const begun = answer(job).catch(
      (thrown: unknown): Answer => ({
        kind: 'thrown',
        message: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
      }),
    );
    before = before.then(async () => {
      const answered = await begun;
      port.postMessage(answered, [...buffersOf(answered)]);
    });
  });
};

const work = (
  dataset: FrameDataset,
  { grid, augment, mix = { method: 'laser' }, ignoreVotes = false, images = false }: WorkerSettings,
  { item, position, random: state }: Job,
  memory: { readonly arrays?: ReturnType<typeof slabArrays> },
) =>
  guard(async (): Promise<Fed> => {
    const random = unwrap(restoreRandom(state));
    const options = {
      grid,
      numClasses: dataset.labelSpace.names.length,
      ignoreVotes,
      ...(augment ? { augment } : {}),
      ...(item.augment === false ? {} : { augmentation: random.fork('augment') }),
      ...memory,
    };
    const frame = dataset.frame(item.frame);
    if (!item.mixWith) {
      const { frame: _, ...scan } = unwrap(
        await prepareScan(frame, { ...options, labelled: item.labelled })(),
      );
      return { item, position, scan, ...(images ? { images: await decoded(frame) } : {}) };
    }
    const other = dataset.frame(item.mixWith.frame);
    const labelled = [item.labelled, item.mixWith.labelled] as const;
    const mixed = await prepareMix([frame, other], labelled, mix, random.fork('mix'), options)();
    return { item, position, mixed: unwrap(mixed) };
  });

const decoded = (frame: Frame): Promise<FedImage[]> =>
  Promise.all(
    frame.cameras.map(async ({ name, width, height, image }) => ({
      name,
      width,
      height,
      // A copy: the decoder's memory is its own, and may not be handed over.
      data: unwrap(await image()()).data.slice(),
    })),
  );
