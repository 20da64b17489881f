import {
  type BatchStatistics,
  discardStatistics,
  exponentialAverage,
  namedGradients,
  updateStatistics,
} from '@nerfseg/backbone';
import * as tf from '@tensorflow/tfjs-core';
import { applyAdamW } from '../optim/adam-w.js';
import { clipGradients } from '../optim/clip-gradients.js';
import type { Session } from './session.js';
import type { TrainSettings } from './settings.js';
import { type LossWeights, type StepBatch, stepLoss } from './step-loss.js';

/**
 * One optimizer step: gradients of the batch's loss, clipped; AdamW; running statistics; the averaged network follows.
 *
 * @returns the parts of the loss and the gradient norm, by name
 */
export function trainStep(
  session: Session,
  batch: StepBatch,
  weights: LossWeights,
  settings: TrainSettings,
  learningRate: number,
): Record<string, number> {
  const collect = new Map<string, BatchStatistics>();
  const parts = new Map<string, tf.Scalar>();
  const { value, gradients } = namedGradients(session.parameters, () =>
    stepLoss(session.student, session.heads?.student, batch, weights, collect, parts),
  );
  const losses: Record<string, number> = { total: value.dataSync()[0]! };
  value.dispose();
  for (const [name, part] of parts) {
    losses[name] = part.dataSync()[0]!;
    part.dispose();
  }
  const clipped = clipGradients(gradients, settings.gradientClip);
  losses.gradientNorm = clipped.norm;
  if (!Number.isFinite(clipped.norm)) {
    // One degenerate batch must not poison the weights: skip it, and let the report show it.
    tf.dispose(clipped.gradients);
    discardStatistics(collect);
    return losses;
  }
  applyAdamW(session.optimizer, session.parameters, clipped.gradients, {
    learningRate,
    weightDecay: settings.weightDecay,
  });
  tf.dispose(clipped.gradients);
  updateStatistics(session.student, collect);
  // Early on the average would remember the initialisation: let it follow faster (Tarvainen & Valpola 2017).
  const decay = Math.min(settings.averageDecay, 1 - 1 / (session.optimizer.step.value + 1));
  exponentialAverage(session.averaged, session.student, decay);
  if (session.heads) exponentialAverage(session.heads.averaged, session.heads.student, decay);
  return losses;
}
