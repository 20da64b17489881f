import {
  abs,
  add,
  cast,
  concat,
  cumsum,
  div,
  gather,
  mul,
  neg,
  reshape,
  scalar,
  sign,
  slice,
  stack,
  sub,
  sum,
  type Tensor,
  tensor1d,
  topk,
  transpose,
  zeros,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { TensorsOf } from '../dispatch.js';
import type { LovaszSoftmaxAttrs, LovaszSoftmaxInputs } from '../kernels.js';
import { columnsOf, indexTensor, withZeroRow } from './padded-rows.js';

/** Rows with a label, and the classes that occur, ascending. */
export const labelledRows = (labels: Uint8Array): { rows: Int32Array; present: number[] } => {
  const seen = new Set<number>();
  const rows: number[] = [];
  labels.forEach((label, n) => {
    if (label === 0) return;
    rows.push(n);
    seen.add(label);
  });
  return { rows: Int32Array.from(rows), present: [...seen].sort((a, b) => a - b) };
};

/** The Lovasz extension of one class: its loss, and the gradient with respect to the class's column. */
const ofClass = (probability: Tensor, target: Float32Array): [loss: Tensor, gradient: Tensor] => {
  const count = target.length;
  const truth = tensor1d(target);
  const difference = sub(probability, truth);
  const { values: errors, indices: order } = topk(abs(difference), count, true);
  const sortedTruth = gather(truth, order);
  const members = target.reduce((total, one) => total + one, 0);
  const intersection = sub(scalar(members), cumsum(sortedTruth));
  const union = add(scalar(members), cumsum(sub(scalar(1), sortedTruth)));
  const jaccard = sub(scalar(1), div(intersection, union));
  const steps =
    count === 1 ? jaccard : sub(jaccard, concat([zeros([1]), slice(jaccard as Tensor, [0], [count - 1])]));
  // The inverse permutation brings the steps back to the rows.
  const { indices: rank } = topk(neg(cast(order, 'float32')), count, true);
  return [sum(mul(errors, steps)), mul(gather(steps, rank), sign(difference))];
};

export const portableLovaszSoftmax = (
  { probabilities }: TensorsOf<LovaszSoftmaxInputs>,
  { labels }: LovaszSoftmaxAttrs,
): Tensor[] => {
  const { rows, present } = labelledRows(labels);
  if (rows.length === 0) return [zeros([]), zerosLike(probabilities)];
  const columns = transpose(gather(probabilities, indexTensor(rows, 0)));
  const share = scalar(1 / present.length);
  const gradients: Tensor[] = Array.from({ length: columnsOf(probabilities) }, () => zeros([rows.length]));
  let loss: Tensor = zeros([]);
  for (const classId of present) {
    const target = Float32Array.from(rows, (row) => (labels[row] === classId ? 1 : 0));
    const column = reshape(slice(columns, [classId, 0], [1, rows.length]), [rows.length]);
    const [ofThis, gradient] = ofClass(column, target);
    loss = add(loss, mul(ofThis, share));
    gradients[classId] = mul(gradient, share);
  }
  const placeOf = new Int32Array(labels.length).fill(-1);
  rows.forEach((row, n) => {
    placeOf[row] = n;
  });
  const table = withZeroRow(transpose(stack(gradients)));
  return [loss, gather(table, indexTensor(placeOf, rows.length))];
};
