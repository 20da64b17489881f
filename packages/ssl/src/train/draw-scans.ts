import { type FeedItem, prepareScan } from '@nerfseg/datasets';
import type { DataError, Random } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import { mixClassesOf } from '../data/mix-classes.js';
import { type FindNeighbours, neighbourFrames } from '../data/neighbour-frames.js';
import { indexSampler } from '../data/sampler.js';
import { scanSource } from '../data/scan-source.js';
import type { TeachContext } from '../methods/method.js';
import { methods } from '../methods/methods.js';
import { rampUp } from './ramp-up.js';
import type { Session } from './session.js';
import type { TrainSettings } from './settings.js';
import type { FrameScan, MixedStepScan, StepScan } from './step-scan.js';
import type { Stopwatch } from './stopwatch.js';
import type { TrainOptions } from './train-options.js';

/** The scans of one batch after the other. */
export interface BatchDrawer {
  /** @param random the batch's own generator. */
  readonly next: (batch: number, random: Random) => Promise<E.Either<DataError, readonly StepScan[]>>;
  readonly close: () => Promise<void>;
}

/** Whether teachers are asked at this step. */
const teachesAt = ({ settings }: TrainOptions, step: number): boolean =>
  rampUp(step / settings.steps, settings.pseudoStart, settings.pseudoRamp) > 0;

/**
 * Reads the scans of every batch from step `from` on: labelled ones first, then unlabelled ones, then PolarMix's; the
 * method's teachers add what they make of them. The list of what is read is known beforehand, so that reading runs ahead.
 */
export function batchDrawer(
  options: TrainOptions,
  session: Session,
  from: number,
  watch: Stopwatch,
): BatchDrawer {
  const { dataset, grid, network, settings, random, readAhead } = options;
  const { needs } = methods[settings.method];
  const neighbours = neighbourFrames(dataset, [...options.labelled, ...options.unlabelled]);
  const source = scanSource(itemsFrom(options, from), {
    dataset,
    grid,
    numClasses: network.numClasses,
    random,
    augment: augmentOf(settings),
    mix: {
      method: 'polar',
      instanceClasses: mixClassesOf(settings, dataset.labelSpace.names) ?? [],
    },
    ...(readAhead ? { readAhead } : {}),
  });
  return {
    close: source.close,
    next: async (batch, batchRandom) => {
      const step = Math.floor(batch / settings.accumulate);
      const teaches = teachesAt(options, step);
      const frames: FrameScan[] = [];
      for (let i = 0; i < settings.labelledPerStep; i++) {
        const prepared = await source.next();
        if (E.isLeft(prepared)) return prepared;
        frames.push({ kind: 'labelled', prepared: prepared.right, views: [] });
      }
      for (let i = 0; needs.unlabelled && i < settings.unlabelledPerStep; i++) {
        const prepared = await source.next();
        if (E.isLeft(prepared)) return prepared;
        const plain = !(teaches && needs.plain)
          ? undefined
          : settings.augment
            ? await source.next()
            : prepared;
        if (plain && E.isLeft(plain)) return plain;
        frames.push({
          kind: 'unlabelled',
          prepared: prepared.right,
          ...(plain ? { plain: plain.right } : {}),
          views: [],
        });
      }
      const mixed: MixedStepScan[] = [];
      for (let i = 0; i < settings.labelledPerStep; i++) {
        if (!polarMixes(options, batch, i)) continue;
        const read = await source.nextMix();
        if (E.isLeft(read)) return read;
        for (const prepared of read.right) mixed.push({ kind: 'mixed', labels: 'true', prepared });
      }
      const scans: readonly StepScan[] = [...frames, ...mixed];
      watch.lap('data');
      if (!teaches) return E.right(scans);
      const taught = await teachAll(options, session, neighbours, batch, batchRandom, scans);
      watch.lap('teacher');
      return taught;
    },
  };
}

/** The method's teachers, one after another. */
async function teachAll(
  { dataset, grid, network, settings, masks, unlabelled }: TrainOptions,
  session: Session,
  neighbours: FindNeighbours,
  number: number,
  random: Random,
  all: readonly StepScan[],
): Promise<E.Either<DataError, readonly StepScan[]>> {
  const { numClasses } = network;
  const context: TeachContext = {
    session,
    settings,
    grid,
    step: Math.floor(number / settings.accumulate),
    batch: number % settings.accumulate,
    random,
    unlabelled,
    neighbours,
    read: (index) =>
      prepareScan(dataset.frame(index), { grid, numClasses, labelled: false, ignoreVotes: false }),
    ...(masks ? { masks } : {}),
  };
  let scans = all;
  for (const teach of methods[settings.method].teach) {
    const taught = await teach(context, scans)();
    if (E.isLeft(taught)) return taught;
    scans = taught.right;
  }
  return E.right(scans);
}

/** What is read, in order: the k-th batch's scans depend on the seed and k alone. */
function* itemsFrom(options: TrainOptions, from: number): Generator<FeedItem> {
  const { labelled, unlabelled, settings, random } = options;
  const { accumulate, labelledPerStep, unlabelledPerStep, augment, method } = settings;
  const { needs } = methods[method];
  const drawLabelled = indexSampler(labelled, random.fork('labelled'));
  const drawMixed = indexSampler(labelled, random.fork('polar mix'));
  const drawUnlabelled = needs.unlabelled ? indexSampler(unlabelled, random.fork('unlabelled')) : undefined;
  for (let batch = from * accumulate; batch < settings.steps * accumulate; batch++) {
    for (let i = 0; i < labelledPerStep; i++)
      yield {
        frame: drawLabelled(batch * labelledPerStep + i),
        labelled: true,
        augment,
        key: `batch ${batch} labelled ${i}`,
      };
    for (let i = 0; drawUnlabelled && i < unlabelledPerStep; i++) {
      const frame = drawUnlabelled(batch * unlabelledPerStep + i);
      const key = `batch ${batch} unlabelled ${i}`;
      yield { frame, labelled: false, augment, key };
      // The teacher sees it as it is.
      if (augment && needs.plain && teachesAt(options, Math.floor(batch / accumulate)))
        yield { frame, labelled: false, augment: false, key: `${key} plain` };
    }
    for (let i = 0; i < labelledPerStep; i++)
      if (polarMixes(options, batch, i))
        yield {
          frame: drawLabelled(batch * labelledPerStep + i),
          labelled: true,
          mixWith: { frame: drawMixed(batch * labelledPerStep + i), labelled: true },
          augment,
          key: `batch ${batch} polar mix ${i}`,
        };
  }
}

/** Whether the i-th labelled scan of a batch comes a second time, mixed. */
const polarMixes = ({ settings, random }: TrainOptions, batch: number, i: number): boolean =>
  settings.polarMix > 0 && random.fork(`batch ${batch} polar mix ${i}`).next() < settings.polarMix;

const augmentOf = ({ rotation, flip, scale, shift, dropout }: TrainSettings) => ({
  rotation: (rotation * Math.PI) / 180,
  flip,
  scale,
  translation: shift,
  dropout,
});
