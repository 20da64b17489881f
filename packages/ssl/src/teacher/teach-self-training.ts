import { exponentialAverage, planScans } from '@nerfseg/backbone';
import type { PreparedScan } from '@nerfseg/datasets';
import { type DataError, devoxelize } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Teach, TeachContext } from '../methods/method.js';
import type { TrainSettings } from '../train/settings.js';
import { bestClasses } from './best-classes.js';
import { classProbabilities } from './class-probabilities.js';
import { addConfidences, balancedClasses, classThresholds, noConfidences } from './class-thresholds.js';
import { eachUnlabelled, keptClasses } from './each-unlabelled.js';

/** Which round of self-training a step is in, from 0; -1 before the first one. They share the steps from `pseudoStart`. */
export function roundOf(
  step: number,
  { steps, pseudoStart, selfTrainingRounds: rounds }: TrainSettings,
): number {
  const progress = step / steps;
  if (progress < pseudoStart) return -1;
  return Math.min(rounds - 1, Math.floor(((progress - pseudoStart) / (1 - pseudoStart)) * rounds));
}

/** How much of each class is believed in a round: more from round to round, by equal steps. */
export const shareOf = (
  round: number,
  { selfTrainingRounds: rounds, selfTrainingShare: first, selfTrainingLastShare: last }: TrainSettings,
): number => (rounds === 1 ? first : first + ((last - first) * round) / (rounds - 1));

/**
 * CBST (Zou et al. 2018): at the start of a round the averaged network is frozen and looks at unlabelled scans; what it
 * is surest of, the same share of every class, are the round's labels.
 */
export const teachSelfTraining: Teach = (context, scans) => async () => {
  const { session, settings, step, batch } = context;
  const { labeller } = session;
  if (!labeller) throw new Error('teachSelfTraining: needs a labeller');
  const round = roundOf(step, settings);
  if (batch === 0 && round >= 0 && (step === 0 || roundOf(step - 1, settings) !== round)) {
    const started = await startRound(context, round)();
    if (E.isLeft(started)) return started;
  }
  const thresholds = new Float32Array(await labeller.thresholds.data<'float32'>());
  return eachUnlabelled(scans, (scan) => async () => {
    const { plain, prepared } = scan;
    if (!plain) throw new Error('teachSelfTraining: needs plain scans');
    const probabilities = await labellerProbabilities(context, plain);
    const classes = devoxelize(plain.scan, balancedClasses(probabilities, thresholds));
    return E.right({ ...scan, pseudoPoints: keptClasses(classes, prepared.kept) });
  })();
};

const labellerProbabilities = ({ session }: TeachContext, { scan }: PreparedScan): Promise<Float32Array> => {
  const { network } = session.labeller!;
  return classProbabilities(network, planScans([scan], network.config));
};

const startRound =
  (context: TeachContext, round: number): TaskEither<DataError, void> =>
  async () => {
    const { session, settings, unlabelled, random, read } = context;
    const { network, thresholds } = session.labeller!;
    exponentialAverage(network, session.averaged, 0);
    const confidences = noConfidences(network.config.numClasses);
    const chosen = random
      .fork('round')
      .shuffle([...unlabelled])
      .slice(0, settings.selfTrainingScans);
    for (const index of chosen) {
      const plain = await read(index)();
      if (E.isLeft(plain)) return plain;
      const probabilities = await labellerProbabilities(context, plain.right);
      addConfidences(confidences, probabilities, bestClasses(probabilities, confidences.length));
    }
    tf.tidy(() => thresholds.assign(tf.tensor1d(classThresholds(confidences, shareOf(round, settings)))));
    return E.right(undefined);
  };
