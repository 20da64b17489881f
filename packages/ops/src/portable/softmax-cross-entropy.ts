import {
  exp,
  log,
  max,
  mul,
  neg,
  notEqual,
  scalar,
  softmax,
  sub,
  sum,
  type Tensor,
  tensor2d,
  where,
  zeros,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { TensorsOf } from '../dispatch.js';
import type {
  SoftmaxCrossEntropyAttrs,
  SoftmaxCrossEntropyGradInputs,
  SoftmaxCrossEntropyInputs,
} from '../kernels.js';
import { columnsOf } from './padded-rows.js';

/** Each row's share of the loss: its weight over the sum of all; zeros for ignored rows. Undefined where no row counts. */
export const rowShares = ({ labels, rowWeights }: SoftmaxCrossEntropyAttrs): Float32Array | undefined => {
  const shares = new Float32Array(labels.length);
  let total = 0;
  for (let n = 0; n < labels.length; n++) {
    if (labels[n] === 0) continue;
    shares[n] = rowWeights ? rowWeights[n] : 1;
    total += shares[n];
  }
  if (!(total > 0)) return undefined;
  for (let n = 0; n < labels.length; n++) shares[n] /= total;
  return shares;
};

/** [N, C] each row's share at its label. */
const shareTable = (labels: Uint8Array, shares: Float32Array, classes: number): Tensor => {
  const table = new Float32Array(labels.length * classes);
  for (let n = 0; n < labels.length; n++) table[n * classes + labels[n]] = shares[n];
  return tensor2d(table, [labels.length, classes]);
};

/** The sum of values times shares, of those that have one: a logit may be -Infinity, and 0 times that is no number. */
export const sumOfShares = (values: Tensor, shares: Tensor): Tensor =>
  sum(where(notEqual(shares, scalar(0)), mul(values, shares), zerosLike(shares)));

export const portableSoftmaxCrossEntropy = (
  { logits }: TensorsOf<SoftmaxCrossEntropyInputs>,
  attrs: SoftmaxCrossEntropyAttrs,
): Tensor => {
  const shares = rowShares(attrs);
  if (!shares) return zeros([]);
  const shifted = sub(logits, max(logits, 1, true));
  const logProbability = sub(shifted, log(sum(exp(shifted), 1, true)));
  return neg(sumOfShares(logProbability, shareTable(attrs.labels, shares, columnsOf(logits))));
};

export const portableSoftmaxCrossEntropyGrad = (
  { logits, dy }: TensorsOf<SoftmaxCrossEntropyGradInputs>,
  attrs: SoftmaxCrossEntropyAttrs,
): Tensor => {
  const shares = rowShares(attrs);
  if (!shares) return zerosLike(logits);
  const expected = mul(softmax(logits, 1), tensor2d(shares, [shares.length, 1]));
  return mul(sub(expected, shareTable(attrs.labels, shares, columnsOf(logits))), dy);
};
