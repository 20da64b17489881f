import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { LovaszSoftmaxAttrs, LovaszSoftmaxInputs } from '../kernels.js';
import { labelledRows } from '../portable/lovasz-softmax.js';
import { type HostMemory, viewsOf } from './memory.js';
import { sortDescending } from './sort-descending.js';

export const hostLovaszSoftmax = (
  memory: HostMemory,
  { probabilities }: LovaszSoftmaxInputs,
  { labels }: LovaszSoftmaxAttrs,
): TensorInfo[] => {
  const classes = probabilities.shape[1];
  const outputs = [memory.make([]), memory.make(probabilities.shape)];
  const [loss, gradient, source] = viewsOf(memory, [...outputs, probabilities]);
  const { rows, present } = labelledRows(labels);
  gradient.fill(0);
  const errors = new Float32Array(rows.length);
  let total = 0;
  for (const classId of present) {
    let members = 0;
    for (let n = 0; n < rows.length; n++) {
      const p = source[rows[n] * classes + classId];
      const isMember = labels[rows[n]] === classId;
      errors[n] = isMember ? 1 - p : p;
      if (isMember) members++;
    }
    const order = sortDescending(errors);
    let intersection = members;
    let union = members;
    let before = 0;
    for (let k = 0; k < order.length; k++) {
      const row = rows[order[k]];
      const isMember = labels[row] === classId;
      if (isMember) intersection--;
      else union++;
      const jaccard = 1 - intersection / union;
      const step = (jaccard - before) / present.length;
      before = jaccard;
      total += errors[order[k]] * step;
      gradient[row * classes + classId] = isMember ? -step : step;
    }
  }
  loss[0] = total;
  return outputs;
};
