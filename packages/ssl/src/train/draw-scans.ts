import type { FeedItem, PreparedScan } from '@nerfseg/datasets';
import { type DataError, type Random, voxelLabels } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import { indexSampler } from '../data/sampler.js';
import { scanSource } from '../data/scan-source.js';
import { type Lesson, teachScan } from '../teacher/teach-scan.js';
import type { StepScan } from './assemble-batch.js';
import { rampUp } from './ramp-up.js';
import type { Session } from './session.js';
import type { Stopwatch } from './stopwatch.js';
import type { TrainOptions } from './train.js';

/** The scans of one batch after the other. */
export interface BatchDrawer {
  /** @param random the batch's own generator. */
  readonly next: (batch: number, random: Random) => Promise<E.Either<DataError, StepScan[]>>;
  readonly close: () => Promise<void>;
}

/** Whether the teacher is asked at this step. */
const teachesAt = ({ settings, masks }: TrainOptions, step: number): boolean =>
  settings.method !== 'supervised' &&
  masks !== undefined &&
  rampUp(step / settings.steps, settings.pseudoStart, settings.pseudoRamp) > 0;

/**
 * Reads the scans of every batch from step `from` on: labelled ones first, then unlabelled ones with what the teacher
 * says of them. The list of what is read is known beforehand, so that reading runs ahead.
 */
export function batchDrawer(
  options: TrainOptions,
  session: Session,
  from: number,
  watch: Stopwatch,
): BatchDrawer {
  const { dataset, grid, network, settings, masks, random, readAhead } = options;
  const { numClasses } = network;
  const source = scanSource(itemsFrom(options, from), {
    dataset,
    grid,
    numClasses,
    random,
    ...(readAhead ? { readAhead } : {}),
  });
  const isSemi = settings.method !== 'supervised';
  return {
    close: source.close,
    next: async (batch, batchRandom) => {
      const scans: StepScan[] = [];
      for (let i = 0; i < settings.labelledPerStep; i++) {
        const prepared = await source.next();
        if (E.isLeft(prepared)) return prepared;
        scans.push({ prepared: prepared.right, labelled: true, views: [] });
      }
      const teaches = teachesAt(options, Math.floor(batch / settings.accumulate));
      for (let i = 0; isSemi && i < settings.unlabelledPerStep; i++) {
        const prepared = await source.next();
        if (E.isLeft(prepared)) return prepared;
        let lesson: Lesson = { views: [] };
        if (teaches && masks) {
          const plain = settings.augment ? await source.next() : prepared;
          if (E.isLeft(plain)) return plain;
          watch.lap('data');
          const taught = await teachScan(
            session,
            plain.right,
            masks,
            settings,
            { grid, samplesPerRay: settings.samplesPerRay },
            batchRandom.fork(`unlabelled ${i}`),
          )();
          watch.lap('teacher');
          if (E.isLeft(taught)) return taught;
          lesson = taught.right;
        }
        scans.push(withLesson(prepared.right, lesson, numClasses));
      }
      watch.lap('data');
      return E.right(scans);
    },
  };
}

/** What is read, in order: the k-th batch's scans depend on the seed and k alone. */
function* itemsFrom(options: TrainOptions, from: number): Generator<FeedItem> {
  const { labelled, unlabelled, settings, random } = options;
  const { accumulate, labelledPerStep, unlabelledPerStep, augment } = settings;
  const isSemi = settings.method !== 'supervised';
  const drawLabelled = indexSampler(labelled, random.fork('labelled'));
  const drawUnlabelled = isSemi ? indexSampler(unlabelled, random.fork('unlabelled')) : undefined;
  for (let batch = from * accumulate; batch < settings.steps * accumulate; batch++) {
    for (let i = 0; i < labelledPerStep; i++)
      yield {
        frame: drawLabelled(batch * labelledPerStep + i),
        labelled: true,
        augment,
        key: `batch ${batch} labelled ${i}`,
      };
    if (!drawUnlabelled) continue;
    for (let i = 0; i < unlabelledPerStep; i++) {
      const frame = drawUnlabelled(batch * unlabelledPerStep + i);
      const key = `batch ${batch} unlabelled ${i}`;
      yield { frame, labelled: false, augment, key };
      // The teacher sees it as it is.
      if (augment && teachesAt(options, Math.floor(batch / accumulate)))
        yield { frame, labelled: false, augment: false, key: `${key} plain` };
    }
  }
}

function withLesson(prepared: PreparedScan, lesson: Lesson, numClasses: number): StepScan {
  const { views, pointClasses } = lesson;
  return {
    prepared,
    labelled: false,
    views,
    // A voxel takes its points' majority among those that the teacher labelled.
    ...(pointClasses
      ? { pseudoVoxels: voxelLabels(prepared.scan, pointClasses, numClasses, { ignoreVotes: false }) }
      : {}),
  };
}
