import { discardStatistics, exponentialAverage, namedGradients, updateStatistics } from '@nerfseg/backbone';
import * as tf from '@tensorflow/tfjs-core';
import type { LossTerm } from '../methods/method.js';
import { applyGradients } from '../optim/optimizer.js';
import type { Session } from './session.js';
import type { TrainSettings } from './settings.js';
import type { StepBatch } from './step-batch.js';
import { type StepStatistics, stepLoss } from './step-loss.js';
import type { Stopwatch } from './stopwatch.js';

/**
 * One batch: gradients of its loss; the optimizer, once `accumulate` batches are gathered; running statistics; then
 * the averaged network follows. Where the loss or the gradients are not finite nothing moves.
 *
 * @returns the parts of the loss by name, and once the optimizer stepped the norm of its gradients
 */
export async function trainStep(
  session: Session,
  batch: StepBatch,
  terms: readonly LossTerm[],
  settings: TrainSettings,
  ramp: number,
  watch: Stopwatch,
): Promise<Record<string, number>> {
  const collect: StepStatistics = { student: new Map(), peer: new Map() };
  const parts = new Map<string, tf.Scalar>();
  const { value, gradients } = namedGradients(session.parameters, () => {
    const loss = stepLoss(session, batch, terms, settings, ramp, collect, parts);
    watch.lap('forward');
    return loss;
  });
  const named: [string, tf.Scalar][] = [['total', value], ...parts];
  const read = await Promise.all(named.map(([, scalar]) => scalar.data()));
  const losses = Object.fromEntries(named.map(([name], i) => [name, read[i]![0]!]));
  tf.dispose(named.map(([, scalar]) => scalar));
  watch.lap('backward');
  const { progress } = session;
  if (!Object.values(losses).every(Number.isFinite)) {
    tf.dispose(gradients);
    discardStatistics(collect.student);
    discardStatistics(collect.peer);
    return losses;
  }
  const stepped = await applyGradients(session.optimizer, gradients, () =>
    Number.isFinite(progress.gradientNorm),
  );
  if (stepped) losses.gradientNorm = progress.gradientNorm;
  if (stepped && !Number.isFinite(progress.gradientNorm)) {
    discardStatistics(collect.student);
    discardStatistics(collect.peer);
    return losses;
  }
  updateStatistics(session.student, collect.student);
  if (session.peer) updateStatistics(session.peer, collect.peer);
  if (stepped) {
    progress.step += 1;
    // Early on the average would remember the initialisation: let it follow faster (Tarvainen & Valpola 2017).
    const decay = Math.min(settings.averageDecay, 1 - 1 / (progress.step + 1));
    exponentialAverage(session.averaged, session.student, decay);
    if (session.heads) exponentialAverage(session.heads.averaged, session.heads.student, decay);
  }
  watch.lap('optimizer');
  return losses;
}
