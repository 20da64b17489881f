import { type BatchStatistics, encodeScans } from '@nerfseg/backbone';
import { renderRays } from '@nerfseg/render';
import * as tf from '@tensorflow/tfjs-core';
import type { LossTerm, StepForward } from '../methods/method.js';
import type { Session } from './session.js';
import type { TrainSettings } from './settings.js';
import type { StepBatch } from './step-batch.js';

/** Batch norms' statistics of a step, of each network that learns. */
export interface StepStatistics {
  readonly student: Map<string, BatchStatistics>;
  readonly peer: Map<string, BatchStatistics>;
}

/**
 * The weighted sum of a method's terms on one batch. Runs inside a gradient computation; the terms are kept in `parts`
 * for the report, the caller disposes them.
 *
 * @param ramp how far pseudo-labels are trusted, 0 to 1
 */
export function stepLoss(
  session: Session,
  batch: StepBatch,
  terms: readonly LossTerm[],
  settings: TrainSettings,
  ramp: number,
  collect: StepStatistics,
  parts: Map<string, tf.Scalar>,
): tf.Scalar {
  const forward = stepForward(session, batch, settings, collect);
  const weighted: tf.Scalar[] = [];
  for (const { name, weight, loss } of terms) {
    const factor = weight(settings, ramp);
    const term = factor === 0 ? undefined : loss(forward);
    if (!term) continue;
    parts.set(name, tf.keep(tf.clone(term)));
    weighted.push(tf.mul(term, factor));
  }
  // Two at a time: one program that adds eight terms has more buffers than WebGPU promises (8).
  return weighted.reduce((sum, term) => tf.add(sum, term));
}

function stepForward(
  { student, heads, peer }: Session,
  batch: StepBatch,
  settings: TrainSettings,
  collect: StepStatistics,
): StepForward {
  const { plan, rays } = batch;
  const features = encodeScans(student, plan, {
    training: true,
    collect: collect.student,
    levels: rays !== undefined,
  });
  return {
    batch,
    settings,
    features,
    peerLogits: once(() => {
      if (!peer) throw new Error('stepLoss: the method has no second network');
      return encodeScans(peer, plan, { training: true, collect: collect.peer, levels: false }).logits;
    }),
    rendered: once(() => {
      if (!rays || !heads) return undefined;
      const levels = features.levels
        .slice(0, heads.student.config.levelChannels.length)
        .map((level) => level.features);
      const rendered = renderRays(heads.student, levels, rays.samples, {
        render: 'probabilities',
        // Class losses must not pull density up where LiDAR says that there is nothing: it alone teaches density.
        unseen: 'normalise',
        voxelLogits: features.logits,
      });
      return { ...rendered, rays };
    }),
  };
}

/** Computes at the first call, and remembers. */
function once<A>(compute: () => A): () => A {
  let found: { readonly value: A } | undefined;
  return () => {
    found ??= { value: compute() };
    return found.value;
  };
}
