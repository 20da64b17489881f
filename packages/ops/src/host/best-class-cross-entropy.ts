import type { TensorInfo } from '@tensorflow/tfjs-core';
import type {
  BestClassCrossEntropyAttrs,
  BestClassCrossEntropyGradInputs,
  BestClassCrossEntropyInputs,
  SoftmaxCrossEntropyAttrs,
} from '../kernels.js';
import { type HostMemory, viewsOf } from './memory.js';
import { hostSoftmaxCrossEntropy, hostSoftmaxCrossEntropyGrad } from './softmax-cross-entropy.js';

/** Labels and row weights that scores [N*C] amount to: each row's best class above 0, of equal ones the lowest. */
export const bestTargets = (
  scores: Float32Array,
  { classWeights }: BestClassCrossEntropyAttrs,
): SoftmaxCrossEntropyAttrs => {
  const classes = classWeights.length;
  const labels = new Uint8Array(scores.length / classes);
  const rowWeights = new Float32Array(labels.length);
  for (let n = 0, row = 0; n < labels.length; n++, row += classes) {
    let best = 1;
    for (let c = 2; c < classes; c++) if (scores[row + c] > scores[row + best]) best = c;
    labels[n] = best;
    rowWeights[n] = classWeights[best];
  }
  return { labels, rowWeights };
};

export const hostBestClassCrossEntropy = (
  memory: HostMemory,
  { logits, scores }: BestClassCrossEntropyInputs,
  attrs: BestClassCrossEntropyAttrs,
): TensorInfo =>
  hostSoftmaxCrossEntropy(memory, { logits }, bestTargets(viewsOf(memory, [scores])[0], attrs));

export const hostBestClassCrossEntropyGrad = (
  memory: HostMemory,
  { logits, scores, dy }: BestClassCrossEntropyGradInputs,
  attrs: BestClassCrossEntropyAttrs,
): TensorInfo =>
  hostSoftmaxCrossEntropyGrad(memory, { logits, dy }, bestTargets(viewsOf(memory, [scores])[0], attrs));
