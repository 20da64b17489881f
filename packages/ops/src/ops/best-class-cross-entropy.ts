import { type Scalar, type Tensor2D, zerosLike } from '@tensorflow/tfjs-core';
import { type Primitive, runPrimitive } from '../dispatch.js';
import {
  hostBestClassCrossEntropy,
  hostBestClassCrossEntropyGrad,
} from '../host/best-class-cross-entropy.js';
import {
  BestClassCrossEntropy,
  type BestClassCrossEntropyAttrs,
  BestClassCrossEntropyGrad,
  type BestClassCrossEntropyGradInputs,
  type BestClassCrossEntropyInputs,
} from '../kernels.js';
import {
  portableBestClassCrossEntropy,
  portableBestClassCrossEntropyGrad,
} from '../portable/best-class-cross-entropy.js';
import { checkShape } from './check-shape.js';

const gradient: Primitive<BestClassCrossEntropyGradInputs, BestClassCrossEntropyAttrs> = {
  name: BestClassCrossEntropyGrad,
  portable: portableBestClassCrossEntropyGrad,
  host: hostBestClassCrossEntropyGrad,
};

const crossEntropy: Primitive<BestClassCrossEntropyInputs, BestClassCrossEntropyAttrs> = {
  name: BestClassCrossEntropy,
  portable: portableBestClassCrossEntropy,
  host: hostBestClassCrossEntropy,
  gradient: {
    saveInputs: ['logits', 'scores'],
    rule: ([dy], [logits, scores], attrs) => ({
      logits: () => runPrimitive(gradient, { logits, scores, dy }, attrs)[0],
      scores: () => zerosLike(scores),
    }),
  },
};

/**
 * Cross-entropy against the classes that other scores like best, of 1 .. C - 1 (of equal ones the lowest), each row weighed by
 * its class: what `softmaxCrossEntropy` gives for such labels, which here need not be read back from the device. Differentiable in
 * the logits; no gradient flows to the scores.
 *
 * @param logits [N, C], C 2 to 256, as many as labels can name
 * @param scores [N, C] logits or probabilities of another network
 * @param classWeights [C] >= 0. The sum is divided by the weights of all rows; 0 where they are all 0.
 */
export const bestClassCrossEntropy = (
  logits: Tensor2D,
  scores: Tensor2D,
  classWeights: Float32Array,
): Scalar => {
  checkShape('bestClassCrossEntropy', 'logits', logits, [null, classWeights.length]);
  checkShape('bestClassCrossEntropy', 'scores', scores, logits.shape);
  if (classWeights.length < 2 || classWeights.length > 256)
    throw new Error(`bestClassCrossEntropy: ${classWeights.length} classes, expected 2 to 256`);
  return runPrimitive(crossEntropy, { logits, scores }, { classWeights })[0] as Scalar;
};
