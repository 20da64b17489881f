import type { Cylinder3dConfig, Network } from '@nerfseg/backbone';
import { type FrameDataset, type PreparedScan, prepareScan } from '@nerfseg/datasets';
import { type CylindricalGrid, type DataError, dataError, type Random, voxelLabels } from '@nerfseg/geometry';
import type { NerfHead } from '@nerfseg/render';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { indexSampler } from '../data/sampler.js';
import { classWeights } from '../losses/class-weights.js';
import { oneCycle } from '../optim/one-cycle.js';
import { type Lesson, type MasksOf, teachScan } from '../teacher/teach-scan.js';
import { assembleBatch, type StepScan } from './assemble-batch.js';
import { fingerprint, type LossRecord, resumeCheckpoint, saveCheckpoint } from './checkpoint.js';
import { labelCounts } from './label-counts.js';
import { rampUp } from './ramp-up.js';
import { createSession, disposeSession, disposeTraining, type Session } from './session.js';
import type { TrainSettings } from './settings.js';
import { trainStep } from './train-step.js';

export interface TrainOptions {
  readonly dataset: FrameDataset;
  /** Frames whose labels may be read. */
  readonly labelled: readonly number[];
  /** Frames of which only points and pictures are read; unused by method 'supervised'. */
  readonly unlabelled: readonly number[];
  readonly grid: CylindricalGrid;
  readonly network: Cylinder3dConfig;
  readonly settings: TrainSettings;
  /** Needed by every method but 'supervised'. */
  readonly masks?: MasksOf;
  readonly random: Random;
  readonly onProgress?: (progress: LossRecord & { readonly steps: number }) => void;
  readonly signal?: AbortSignal;
  /** Where to keep a checkpoint; a run that was interrupted resumes from it. */
  readonly checkpointFolder?: string;
}

export interface TrainResult {
  /** The averaged network: the one to evaluate and keep. The caller disposes it. */
  readonly network: Network;
  /** The averaged NeRF head, where the method has one. */
  readonly head?: NerfHead;
  readonly history: readonly LossRecord[];
  readonly steps: number;
  /** Wall-clock seconds of this call: a resumed run counts from where it resumed. */
  readonly seconds: number;
}

/**
 * Trains a network: supervised only, or with self-supervision on unlabelled scans by rendering ('nerf', Timoneda et
 * al. 2024) or by perspective projection (the baseline that it must beat). Every random choice of step k depends on the
 * generator's seed and k alone, so an interrupted run that resumes ends where an uninterrupted one does.
 */
export const train =
  (options: TrainOptions): TaskEither<DataError, TrainResult> =>
  async () => {
    const {
      dataset,
      labelled,
      unlabelled,
      grid,
      network: config,
      settings,
      random,
      checkpointFolder,
    } = options;
    const problem = checkOptions(options);
    if (problem) return E.left(problem);
    const counts = await labelCounts(dataset, labelled, grid, config.numClasses)();
    if (E.isLeft(counts)) return counts;
    const weights = classWeights(counts.right, settings.classBalance);
    if (!weights.some((weight) => weight > 0))
      return E.left(
        dataError(
          'empty',
          dataset.name,
          'labels',
          'no labelled voxel',
          'some voxels of a class other than 0',
        ),
      );

    const session = createSession(config, settings, random.fork('initialisation'));
    const run = fingerprint([
      dataset.name,
      labelled,
      unlabelled,
      grid,
      config,
      settings,
      random.fork('run').state(),
    ]);
    const start = performance.now();
    const resumed = checkpointFolder
      ? await resumeCheckpoint(checkpointFolder, session, run)()
      : E.right({ step: 0, history: [] as LossRecord[] });
    const trained = E.isLeft(resumed)
      ? resumed
      : await runSteps(options, session, weights, resumed.right.step, resumed.right.history, run);
    if (E.isLeft(trained)) {
      disposeSession(session);
      return trained;
    }
    disposeTraining(session);
    return E.right({
      network: session.averaged,
      ...(session.heads ? { head: session.heads.averaged } : {}),
      history: trained.right,
      steps: settings.steps,
      seconds: (performance.now() - start) / 1000,
    });
  };

async function runSteps(
  options: TrainOptions,
  session: Session,
  classWeightsOf: Float32Array,
  from: number,
  history: LossRecord[],
  run: string,
): Promise<E.Either<DataError, LossRecord[]>> {
  const { grid, settings, random, onProgress, signal, checkpointFolder, dataset } = options;
  const draw = scanDrawer(options, session);
  for (let step = from; step < settings.steps; step++) {
    if (signal?.aborted) {
      if (checkpointFolder) {
        const saved = await saveCheckpoint(checkpointFolder, session, step, run, history)();
        if (E.isLeft(saved)) return saved;
      }
      return E.left(
        dataError('interrupted', dataset.name, 'training', `${step} steps done`, `${settings.steps} steps`),
      );
    }
    const stepRandom = random.fork(`step ${step}`);
    const scans = await draw(step, stepRandom);
    if (E.isLeft(scans)) return scans;
    const batch = assembleBatch(
      scans.right,
      session.student,
      grid,
      settings,
      classWeightsOf,
      stepRandom.fork('rays'),
    );
    const ramp = rampUp(step / settings.steps, settings.pseudoStart, settings.pseudoRamp);
    const losses = trainStep(
      session,
      batch,
      {
        lovasz: settings.lovaszWeight,
        nerf: settings.nerfWeight,
        density: settings.densityWeight,
        pseudo: settings.pseudoWeight * ramp,
        pseudoVoxels: settings.pseudoPointWeight * ramp,
      },
      settings,
      oneCycle(step, settings.steps, settings.learningRate),
    );
    const record = { step: step + 1, losses };
    history.push(record);
    onProgress?.({ ...record, steps: settings.steps });
    const due = (step + 1) % settings.checkpointEvery === 0 || step + 1 === settings.steps;
    if (checkpointFolder && due) {
      const saved = await saveCheckpoint(checkpointFolder, session, step + 1, run, history)();
      if (E.isLeft(saved)) return saved;
    }
    // Let timers, signals and progress bars run: an engine that computes at once never yields by itself.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return E.right(history);
}

/** Reads the scans of a step: labelled ones first, then unlabelled ones with what the teacher says of them. */
function scanDrawer(
  { dataset, labelled, unlabelled, grid, network, settings, masks, random }: TrainOptions,
  session: Session,
): (step: number, random: Random) => Promise<E.Either<DataError, StepScan[]>> {
  const drawLabelled = indexSampler(labelled, random.fork('labelled'));
  const isSemi = settings.method !== 'supervised';
  const drawUnlabelled = isSemi ? indexSampler(unlabelled, random.fork('unlabelled')) : undefined;
  const { numClasses } = network;
  const prepare = (index: number, isLabelled: boolean, augmentation?: Random) =>
    prepareScan(dataset.frame(index), {
      grid,
      numClasses,
      labelled: isLabelled,
      ignoreVotes: false,
      ...(augmentation ? { augmentation } : {}),
    })();

  return async (step, stepRandom) => {
    const scans: StepScan[] = [];
    for (let i = 0; i < settings.labelledPerStep; i++) {
      const index = drawLabelled(step * settings.labelledPerStep + i);
      const prepared = await prepare(
        index,
        true,
        settings.augment ? stepRandom.fork(`labelled ${i}`) : undefined,
      );
      if (E.isLeft(prepared)) return prepared;
      scans.push({ prepared: prepared.right, labelled: true, views: [] });
    }
    if (!drawUnlabelled || !masks) return E.right(scans);
    const teaches = rampUp(step / settings.steps, settings.pseudoStart, settings.pseudoRamp) > 0;
    for (let i = 0; i < settings.unlabelledPerStep; i++) {
      const index = drawUnlabelled(step * settings.unlabelledPerStep + i);
      const own = stepRandom.fork(`unlabelled ${i}`);
      const prepared = await prepare(index, false, settings.augment ? own.fork('augment') : undefined);
      if (E.isLeft(prepared)) return prepared;
      let lesson: Lesson = { views: [] };
      if (teaches) {
        const plain = settings.augment ? await prepare(index, false) : prepared;
        if (E.isLeft(plain)) return plain;
        const taught = await teachScan(
          session,
          plain.right,
          masks,
          settings,
          { grid, samplesPerRay: settings.samplesPerRay },
          own,
        )();
        if (E.isLeft(taught)) return taught;
        lesson = taught.right;
      }
      scans.push(withLesson(prepared.right, lesson, numClasses));
    }
    return E.right(scans);
  };
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

function checkOptions({
  dataset,
  labelled,
  unlabelled,
  settings,
  masks,
  network,
}: TrainOptions): DataError | undefined {
  const bad = (field: string, found: string, expected: string): DataError =>
    dataError('mismatch', dataset.name, field, found, expected);
  if (labelled.length === 0)
    return dataError('empty', dataset.name, 'labelled', 'no frames', 'at least one frame');
  const classes = dataset.labelSpace.names.length;
  if (network.numClasses !== classes)
    return bad('network.numClasses', String(network.numClasses), `${classes}, the label space's`);
  if (settings.method === 'supervised') return undefined;
  if (unlabelled.length === 0)
    return dataError(
      'empty',
      dataset.name,
      'unlabelled',
      'no frames',
      `at least one frame for method '${settings.method}'`,
    );
  if (!masks) return bad('masks', 'nothing', `a mask source for method '${settings.method}'`);
  return undefined;
}
