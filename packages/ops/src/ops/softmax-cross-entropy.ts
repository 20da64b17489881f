import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { type Primitive, runPrimitive } from '../dispatch.js';
import { hostSoftmaxCrossEntropy, hostSoftmaxCrossEntropyGrad } from '../host/softmax-cross-entropy.js';
import {
  SoftmaxCrossEntropy,
  type SoftmaxCrossEntropyAttrs,
  SoftmaxCrossEntropyGrad,
  type SoftmaxCrossEntropyGradInputs,
  type SoftmaxCrossEntropyInputs,
} from '../kernels.js';
import {
  portableSoftmaxCrossEntropy,
  portableSoftmaxCrossEntropyGrad,
} from '../portable/softmax-cross-entropy.js';
import { checkLabels } from './check-labels.js';
import { checkShape } from './check-shape.js';

const gradient: Primitive<SoftmaxCrossEntropyGradInputs, SoftmaxCrossEntropyAttrs> = {
  name: SoftmaxCrossEntropyGrad,
  portable: portableSoftmaxCrossEntropyGrad,
  host: hostSoftmaxCrossEntropyGrad,
};

const crossEntropy: Primitive<SoftmaxCrossEntropyInputs, SoftmaxCrossEntropyAttrs> = {
  name: SoftmaxCrossEntropy,
  portable: portableSoftmaxCrossEntropy,
  host: hostSoftmaxCrossEntropy,
  gradient: {
    saveInputs: ['logits'],
    rule: ([dy], [logits], attrs) => ({ logits: () => runPrimitive(gradient, { logits, dy }, attrs)[0] }),
  },
};

/**
 * Weighted mean of -log softmax(logits)[label] over the rows whose label is not 0 (ignore); 0 where no row counts.
 * Differentiable in the logits.
 *
 * @param logits [N, C]
 * @param labels [N] 0 .. C - 1, 0 = ignore
 * @param rowWeights [N] >= 0; default 1 each. The sum is divided by the weights of the rows that count.
 */
export const softmaxCrossEntropy = (
  logits: Tensor2D,
  labels: Uint8Array,
  rowWeights?: Float32Array,
): Scalar => {
  checkShape('softmaxCrossEntropy', 'logits', logits, [labels.length, null]);
  checkLabels('softmaxCrossEntropy', labels, logits.shape[0], logits.shape[1]);
  if (rowWeights && rowWeights.length !== labels.length) {
    throw new Error(`softmaxCrossEntropy: ${rowWeights.length} row weights for ${labels.length} rows`);
  }
  const attrs = rowWeights ? { labels, rowWeights } : { labels };
  return runPrimitive(crossEntropy, { logits }, attrs)[0] as Scalar;
};
