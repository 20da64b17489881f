import { type DataError, dataError } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import { evaluate } from '../evaluate.js';
import { methods } from '../methods/methods.js';
import { diverging, notFinite } from '../runs/divergence.js';
import type { BestRecord, LossRecord, ValidationRecord } from '../runs/record.js';
import type { RunRecords } from '../runs/run-folder.js';
import { assembleBatch } from './assemble-batch.js';
import { type BatchDrawer, batchDrawer } from './draw-scans.js';
import { learningRateOf } from './optimizer-of.js';
import { rampUp } from './ramp-up.js';
import type { Session } from './session.js';
import { isFrameScan } from './step-scan.js';
import { type Stopwatch, startStopwatch } from './stopwatch.js';
import type { TrainOptions } from './train-options.js';
import { trainStep } from './train-step.js';

/** Takes the steps that are left: learns, tells, validates, keeps checkpoints, and stops when it is asked to or must. */
export async function runSteps(
  options: TrainOptions,
  session: Session,
  classWeights: Float32Array,
  records: RunRecords,
): Promise<E.Either<DataError, void>> {
  const { settings, onProgress, signal, dataset } = options;
  const watch = startStopwatch();
  const draw = batchDrawer(options, session, records.step, watch);
  let { best } = records;
  try {
    // A run that was stopped while it validated still owes that.
    if (records.step > 0 && validatesAt(options, records.step) && !records.validated.has(records.step)) {
      const kept = await keep(options, session, records, records.step, best);
      if (E.isLeft(kept)) return kept;
      best = kept.right;
    }
    for (let step = records.step; step < settings.steps; step++) {
      if (signal?.aborted) {
        const saved = await records.checkpoint(step, best)();
        if (E.isLeft(saved)) return saved;
        return E.left(
          dataError('interrupted', dataset.name, 'training', `${step} steps done`, `${settings.steps} steps`),
        );
      }
      const stepped = await oneStep(options, session, classWeights, draw, step, watch);
      if (E.isLeft(stepped)) return stepped;
      const record = stepped.right;
      const told = await records.tell(record)();
      if (E.isLeft(told)) return told;
      onProgress?.({ ...record, steps: settings.steps });
      const problem = notFinite(record) ?? diverging(records.history, settings.divergence);
      if (problem) return E.left(problem);
      const kept = await keep(options, session, records, step + 1, best);
      if (E.isLeft(kept)) return kept;
      best = kept.right;
      // Let timers, signals and progress bars run: an engine that computes at once never yields by itself.
      await new Promise((resolve) => setImmediate(resolve));
      watch.lap('records');
    }
    return E.right(undefined);
  } finally {
    await draw.close();
  }
}

/** One optimizer step, over as many batches as are gathered. */
async function oneStep(
  { grid, settings, random }: TrainOptions,
  session: Session,
  classWeights: Float32Array,
  draw: BatchDrawer,
  step: number,
  watch: Stopwatch,
): Promise<E.Either<DataError, LossRecord>> {
  const { accumulate } = settings;
  const { terms } = methods[settings.method];
  const ramp = rampUp(step / settings.steps, settings.pseudoStart, settings.pseudoRamp);
  const losses: Record<string, number> = {};
  const frames: string[] = [];
  for (let i = 0; i < accumulate; i++) {
    const number = step * accumulate + i;
    const own = random.fork(`batch ${number}`);
    const scans = await draw.next(number, own);
    if (E.isLeft(scans)) return scans;
    frames.push(...scans.right.filter(isFrameScan).map(({ prepared }) => prepared.frame.id));
    const batch = assembleBatch(scans.right, session, grid, settings, classWeights, own.fork('rays'));
    watch.lap('assembly');
    const found = await trainStep(session, batch, terms, settings, ramp, watch);
    for (const [name, value] of Object.entries(found))
      losses[name] = (losses[name] ?? 0) + (name === 'gradientNorm' ? value : value / accumulate);
    // A batch that gave no finite loss moved nothing: the rest of them cannot make a step of it.
    if (!Object.values(losses).every(Number.isFinite)) break;
  }
  const learningRate = learningRateOf(settings)(step);
  return E.right({ step: step + 1, losses, learningRate, frames, seconds: watch.take() });
}

const validatesAt = ({ validation, settings }: TrainOptions, step: number): boolean =>
  validation !== undefined &&
  settings.validateEvery > 0 &&
  (step === settings.steps || step % settings.validateEvery === 0);

/** Validates and saves where it is time to. Gives the best checkpoint so far. */
async function keep(
  options: TrainOptions,
  session: Session,
  records: RunRecords,
  step: number,
  before: BestRecord | undefined,
): Promise<E.Either<DataError, BestRecord | undefined>> {
  const { settings, validation, onBest } = options;
  const { steps, checkpointEvery, validateEvery } = settings;
  const last = step === steps;
  const validates = validatesAt(options, step);
  const due = last || step % checkpointEvery === 0;
  let found: BestRecord | undefined;
  let validated: ValidationRecord | undefined;
  if (validates) {
    const scored = await validate(options, session, step);
    if (E.isLeft(scored)) {
      const saved = await records.checkpoint(step, before)();
      return E.isLeft(saved) ? saved : scored;
    }
    validated = scored.right;
    found = { step, by: 'mIoU', value: validated.pointMiou };
  } else if (due && !(validation && validateEvery > 0) && records.history.length > 0) {
    found = { step, by: 'loss', value: meanLoss(records.history.slice(-checkpointEvery)) };
  }
  const better = found && (!before || isBetter(found, before));
  const best = better ? found : before;
  if (due || (validates && better)) {
    if (better && found && onBest) {
      // Before the checkpoint: whoever is killed in between does it again.
      const told = await onBest(session.averaged, found)();
      if (E.isLeft(told)) return told;
    }
    const saved = await records.checkpoint(step, best)();
    if (E.isLeft(saved)) return saved;
  }
  // Last: a validation that is told of is owed no more, nor what it found best.
  const told = validated ? await records.tellValidation(validated)() : E.right(undefined);
  return E.isLeft(told) ? told : E.right(best);
}

/** A run may begin to validate when it is resumed, or cease to: a loss is no mIoU to compare with, and says less. */
const isBetter = (found: BestRecord, before: BestRecord): boolean => {
  if (found.by !== before.by) return found.by === 'mIoU';
  return found.by === 'mIoU' ? found.value > before.value : found.value < before.value;
};

const meanLoss = (part: readonly LossRecord[]): number =>
  part.reduce((sum, { losses }) => sum + (losses.labels ?? losses.total ?? 0), 0) / part.length;

async function validate(
  { validation, grid, signal, onValidation }: TrainOptions,
  { averaged }: Session,
  step: number,
): Promise<E.Either<DataError, ValidationRecord>> {
  if (!validation) throw new Error('validate: no validation frames');
  const { dataset, frames } = validation;
  const scored = await evaluate(averaged, dataset, frames, { grid, ...(signal ? { signal } : {}) })();
  if (E.isLeft(scored)) return scored;
  const record = { step, pointMiou: scored.right.point.miou, voxelMiou: scored.right.voxel.miou };
  onValidation?.(record);
  return E.right(record);
}
