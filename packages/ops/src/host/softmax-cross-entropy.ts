import type { TensorInfo } from '@tensorflow/tfjs-core';
import type {
  SoftmaxCrossEntropyAttrs,
  SoftmaxCrossEntropyGradInputs,
  SoftmaxCrossEntropyInputs,
} from '../kernels.js';
import { rowShares } from '../portable/softmax-cross-entropy.js';
import { type HostMemory, viewsOf } from './memory.js';

const maximum = (values: Float32Array, start: number, end: number): number => {
  let most = Number.NEGATIVE_INFINITY;
  for (let n = start; n < end; n++) if (values[n] > most) most = values[n];
  return most;
};

export const hostSoftmaxCrossEntropy = (
  memory: HostMemory,
  { logits }: SoftmaxCrossEntropyInputs,
  attrs: SoftmaxCrossEntropyAttrs,
): TensorInfo => {
  const shares = rowShares(attrs);
  const [rows, classes] = logits.shape;
  const loss = memory.make([]);
  const [target, source] = viewsOf(memory, [loss, logits]);
  let sum = 0;
  for (let n = 0, at = 0; shares && n < rows; n++, at += classes) {
    if (shares[n] === 0) continue;
    const most = maximum(source, at, at + classes);
    let total = 0;
    for (let c = at; c < at + classes; c++) total += Math.exp(source[c] - most);
    sum += shares[n] * (Math.log(total) + most - source[at + attrs.labels[n]]);
  }
  target[0] = sum;
  return loss;
};

export const hostSoftmaxCrossEntropyGrad = (
  memory: HostMemory,
  { logits, dy }: SoftmaxCrossEntropyGradInputs,
  attrs: SoftmaxCrossEntropyAttrs,
): TensorInfo => {
  const shares = rowShares(attrs);
  const [rows, classes] = logits.shape;
  const dx = memory.make(logits.shape);
  const [target, source, gradient] = viewsOf(memory, [dx, logits, dy]);
  target.fill(0);
  for (let n = 0, at = 0; shares && n < rows; n++, at += classes) {
    if (shares[n] === 0) continue;
    const most = maximum(source, at, at + classes);
    let total = 0;
    for (let c = at; c < at + classes; c++) total += target[c] = Math.exp(source[c] - most);
    const share = shares[n] * gradient[0];
    for (let c = at; c < at + classes; c++) target[c] *= share / total;
    target[at + attrs.labels[n]] -= share;
  }
  return dx;
};
