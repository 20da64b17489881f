import {
  add,
  argMax,
  cast,
  divNoNan,
  equal,
  exp,
  expandDims,
  log,
  max,
  mul,
  neg,
  range,
  slice,
  softmax,
  sub,
  sum,
  type Tensor,
  tensor1d,
  zeros,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { TensorsOf } from '../dispatch.js';
import type {
  BestClassCrossEntropyAttrs,
  BestClassCrossEntropyGradInputs,
  BestClassCrossEntropyInputs,
} from '../kernels.js';
import { sumOfShares } from './softmax-cross-entropy.js';

/** [N, C] each row's share of the loss at its best class above 0. */
const shareTable = (scores: Tensor, { classWeights }: BestClassCrossEntropyAttrs): Tensor => {
  const [rows, classes] = scores.shape;
  const best = add(argMax(slice(scores, [0, 1], [rows, classes - 1]), 1), 1);
  const chosen = cast(equal(expandDims(best, 1), range(0, classes, 1, 'int32')), 'float32');
  const weights = mul(chosen, tensor1d(classWeights));
  return divNoNan(weights, sum(weights));
};

export const portableBestClassCrossEntropy = (
  { logits, scores }: TensorsOf<BestClassCrossEntropyInputs>,
  attrs: BestClassCrossEntropyAttrs,
): Tensor => {
  if (logits.shape[0] === 0) return zeros([]);
  const shifted = sub(logits, max(logits, 1, true));
  const logProbability = sub(shifted, log(sum(exp(shifted), 1, true)));
  return neg(sumOfShares(logProbability, shareTable(scores, attrs)));
};

export const portableBestClassCrossEntropyGrad = (
  { logits, scores, dy }: TensorsOf<BestClassCrossEntropyGradInputs>,
  attrs: BestClassCrossEntropyAttrs,
): Tensor => {
  if (logits.shape[0] === 0) return zerosLike(logits);
  const shares = shareTable(scores, attrs);
  return mul(sub(mul(softmax(logits, 1), sum(shares, 1, true)), shares), dy);
};
