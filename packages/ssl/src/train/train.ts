import type { Network } from '@nerfseg/backbone';
import { type DataError, dataError } from '@nerfseg/geometry';
import type { NerfHead } from '@nerfseg/render';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { datasetCensus } from '../data/fingerprint.js';
import { classWeights } from '../losses/class-weights.js';
import { methods } from '../methods/methods.js';
import type { LossRecord } from '../runs/record.js';
import { openRunFolder, recordsInMemory } from '../runs/run-folder.js';
import { runIdentity } from '../runs/run-identity.js';
import { checkOptions } from './check-options.js';
import { createSession } from './create-session.js';
import { runSteps } from './run-steps.js';
import { disposeSession, disposeTraining } from './session.js';
import type { TrainOptions } from './train-options.js';

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
    const { runFolder, onScan, onNote = () => {}, onOpen, signal, masksFrom } = options;
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
      ...(masksFrom && methods[settings.method].needs.masks ? { masks: masksFrom } : {}),
    });
    const records = runFolder
      ? await openRunFolder(runFolder, session, identity, {
          keep: settings.keepCheckpoints,
          note: onNote,
          signal,
        })()
      : E.right(recordsInMemory());
    if (E.isLeft(records)) {
      disposeSession(session);
      return records;
    }
    const begun = onOpen ? await onOpen() : E.right(undefined);
    if (E.isLeft(begun)) {
      await records.right.close();
      disposeSession(session);
      return begun;
    }
    const trained = await runSteps(options, session, weights, records.right)
      .catch((thrown: unknown) => {
        disposeSession(session);
        throw thrown;
      })
      .finally(records.right.close);
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
