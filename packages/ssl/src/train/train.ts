import type { Cylinder3dConfig, Network } from '@nerfseg/backbone';
import type { FrameDataset } from '@nerfseg/datasets';
import { type CylindricalGrid, type DataError, dataError, type Random } from '@nerfseg/geometry';
import type { NerfHead } from '@nerfseg/render';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { datasetCensus } from '../data/fingerprint.js';
import { mixClassesOf } from '../data/mix-classes.js';
import type { ReadAhead } from '../data/scan-source.js';
import { classWeights } from '../losses/class-weights.js';
import type { MasksOf } from '../methods/method.js';
import { methods } from '../methods/methods.js';
import type { BestRecord, LossRecord, ValidationRecord } from '../runs/record.js';
import { openRunFolder, recordsInMemory } from '../runs/run-folder.js';
import { runIdentity } from '../runs/run-identity.js';
import { runSteps } from './run-steps.js';
import { createSession, disposeSession, disposeTraining } from './session.js';
import type { TrainSettings } from './settings.js';

export interface TrainOptions {
  readonly dataset: FrameDataset;
  /** Frames whose labels may be read. */
  readonly labelled: readonly number[];
  /** Frames of which only points and pictures are read; used by all methods but 'supervised'. */
  readonly unlabelled: readonly number[];
  readonly grid: CylindricalGrid;
  readonly network: Cylinder3dConfig;
  readonly settings: TrainSettings;
  /** Needed by methods that look at pictures: `methods[name].needs.masks`. */
  readonly masks?: MasksOf;
  readonly random: Random;
  readonly onProgress?: (progress: LossRecord & { readonly steps: number }) => void;
  /** Called as labelled frames are read and counted, before the first step. */
  readonly onScan?: (done: number, total: number) => void;
  /** What the user should know: a damaged checkpoint that was passed over, say. */
  readonly onNote?: (line: string) => void;
  /** The run saves a checkpoint and stops. */
  readonly signal?: AbortSignal;
  /**
   * Where to keep checkpoints, the history (JSON lines) and TensorBoard's event files. A run whose folder holds part of
   * it goes on from there, and ends with the same weights, bit for bit, as if it had never stopped (same engine).
   */
  readonly runFolder?: string;
  /** Frames that `settings.validateEvery` scores the averaged network on. */
  readonly validation?: { readonly dataset: FrameDataset; readonly frames: readonly number[] };
  readonly onValidation?: (record: ValidationRecord) => void;
  /** Gets the averaged network whenever it is the best so far: to save it. */
  readonly onBest?: (network: Network, best: BestRecord) => TaskEither<DataError, void>;
  /** Read, augment and voxelize in threads, while a step is computed. */
  readonly readAhead?: ReadAhead;
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
 * Trains a network by one of `methods`: supervised only, by rendering ('nerf', Timoneda et al. 2024), or by what that is
 * compared with. Every random choice of step k depends on the
 * generator's seed and k alone, so an interrupted run that resumes ends where an uninterrupted one does.
 */
export const train =
  (options: TrainOptions): TaskEither<DataError, TrainResult> =>
  async () => {
    const { dataset, labelled, unlabelled, grid, network, settings, random } = options;
    const { runFolder, onScan, onNote = () => {}, signal } = options;
    const problem = checkOptions(options);
    if (problem) return E.left(problem);
    const census = await datasetCensus(dataset, {
      labelled,
      unlabelled: methods[settings.method].needs.unlabelled ? unlabelled : [],
      grid,
      numClasses: network.numClasses,
      ...(onScan ? { onScan } : {}),
      ...(signal ? { signal } : {}),
    })();
    if (E.isLeft(census)) return census;
    const { counts, fingerprint } = census.right;
    const weights = settings.classWeights
      ? Float32Array.from(settings.classWeights)
      : classWeights(counts, settings.classBalance);
    if (!counts.some((count, c) => c > 0 && count > 0 && weights[c]! > 0))
      return E.left(
        dataError(
          'empty',
          dataset.name,
          'labels',
          'no labelled voxel',
          'some voxels of a class other than 0',
        ),
      );

    const start = performance.now();
    const session = createSession(network, settings, random.fork('initialisation'));
    const identity = runIdentity({
      network,
      grid,
      settings,
      random: random.state(),
      dataset: { name: dataset.name, labelled, unlabelled, fingerprint },
    });
    const records = runFolder
      ? await openRunFolder(runFolder, session, identity, settings.keepCheckpoints, onNote)()
      : E.right(recordsInMemory());
    if (E.isLeft(records)) {
      disposeSession(session);
      return records;
    }
    const trained = await runSteps(options, session, weights, records.right).finally(records.right.close);
    if (E.isLeft(trained)) {
      disposeSession(session);
      return trained;
    }
    disposeTraining(session);
    return E.right({
      network: session.averaged,
      ...(session.heads ? { head: session.heads.averaged } : {}),
      history: records.right.history,
      steps: settings.steps,
      seconds: (performance.now() - start) / 1000,
    });
  };

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
  if (settings.classWeights && settings.classWeights.length !== classes)
    return bad('classWeights', `${settings.classWeights.length} weights`, `${classes}, one per class`);
  if (settings.polarMix > 0 && !mixClassesOf(settings, dataset.labelSpace.names))
    return bad('polarMixClasses', 'nothing', "the classes that move, in the data set's numbers");
  const unknown = settings.polarMixClasses?.find((c) => c >= classes);
  if (unknown !== undefined) return bad('polarMixClasses', String(unknown), `classes below ${classes}`);
  const { segmentEntropyOfClass } = settings;
  if (segmentEntropyOfClass && segmentEntropyOfClass.length !== classes)
    return bad(
      'segmentEntropyOfClass',
      `${segmentEntropyOfClass.length} thresholds`,
      `${classes}, one per class`,
    );
  const { needs, problem } = methods[settings.method];
  if (needs.unlabelled && unlabelled.length === 0)
    return dataError(
      'empty',
      dataset.name,
      'unlabelled',
      'no frames',
      `at least one frame for method '${settings.method}'`,
    );
  if (needs.masks && !masks) return bad('masks', 'nothing', `a mask source for method '${settings.method}'`);
  const found = problem?.(settings);
  return found && bad(found.field, found.found, found.expected);
}
