import type { TensorInfo } from '@tensorflow/tfjs-core';
import type {
  LinearAttrs,
  LinearBackpropFilterInputs,
  LinearBackpropInputInputs,
  LinearInputs,
} from '../kernels.js';
import { type HostMemory, viewsOf } from './memory.js';

/** Slope of the piecewise linear activations for negative input. Used without branches: see activationBatchNorm.ts. */
const negativeSlope = (activation: LinearAttrs['activation']): number =>
  activation === 'relu' ? 0 : activation === 'leakyRelu' ? 0.01 : 1;

export const hostLinear = (
  memory: HostMemory,
  { x, w, bias }: LinearInputs,
  { activation }: LinearAttrs,
): TensorInfo => {
  const y = x.shape[0] === 0 ? memory.make([0, w.shape[1]]) : memory.matMul(x, w);
  const [target, shift] = viewsOf(memory, [y, bias]);
  const width = shift.length;
  const slope = negativeSlope(activation);
  const [linear, absolute] = [(1 + slope) / 2, (1 - slope) / 2];
  for (let at = 0; at < target.length; at += width) {
    for (let c = 0; c < width; c++) {
      const v = target[at + c] + shift[c];
      // Not 0 times an infinity: a bias of -Infinity takes a class out.
      target[at + c] = slope === 1 ? v : linear * v + absolute * Math.abs(v);
    }
  }
  if (activation === 'sigmoid') {
    for (let n = 0; n < target.length; n++) target[n] = 1 / (1 + Math.exp(-target[n]));
  }
  return y;
};

/** target = dy * activation'(y), for rows start .. end. */
const throughActivation = (
  target: Float32Array,
  dy: Float32Array,
  y: Float32Array,
  start: number,
  activation: LinearAttrs['activation'],
): void => {
  if (activation === 'sigmoid') {
    for (let n = 0; n < target.length; n++) target[n] = dy[start + n] * y[start + n] * (1 - y[start + n]);
    return;
  }
  const slope = activation === 'relu' ? 0 : activation === 'leakyRelu' ? 0.01 : 1;
  for (let n = 0; n < target.length; n++)
    target[n] = y[start + n] > 0 ? dy[start + n] : dy[start + n] * slope;
};

/** target [columns, rows] = source [rows, columns] from `start` on, transposed. */
const transposeInto = (
  target: Float32Array,
  source: Float32Array,
  start: number,
  rows: number,
  columns: number,
): void => {
  for (let r = 0, from = start; r < rows; r++) {
    for (let c = 0, to = r; c < columns; c++, to += rows) target[to] = source[from++];
  }
};

export const hostLinearBackpropInput = (
  memory: HostMemory,
  { w, y, dy }: LinearBackpropInputInputs,
  { activation }: LinearAttrs,
): TensorInfo => {
  const [channelsIn, channelsOut] = w.shape;
  if (y.shape[0] === 0) return memory.make([0, channelsIn]);
  const d = memory.make(dy.shape);
  const transposed = memory.make([channelsOut, channelsIn]);
  const [dTarget, target, gradient, values, weights] = viewsOf(memory, [d, transposed, dy, y, w]);
  throughActivation(dTarget, gradient, values, 0, activation);
  transposeInto(target, weights, 0, channelsIn, channelsOut);
  const dx = memory.matMul(d, transposed);
  memory.dispose(d);
  memory.dispose(transposed);
  return dx;
};

/** Rows of one block: x and dy of a block stay in the second-level cache. No power of two: columns would share cache sets. */
const blockRows = 496;

export const hostLinearBackpropFilter = (
  memory: HostMemory,
  { x, y, dy }: LinearBackpropFilterInputs,
  { activation }: LinearAttrs,
): TensorInfo[] => {
  const [rows, channelsIn] = x.shape;
  const channelsOut = dy.shape[1];
  const outputs = [memory.make([channelsIn, channelsOut]), memory.make([channelsOut])];
  for (const output of outputs) memory.view(output).fill(0);
  for (let start = 0; start < rows; start += blockRows) {
    const count = Math.min(blockRows, rows - start);
    const d = memory.make([count, channelsOut]);
    const transposed = memory.make([channelsIn, count]);
    const [dTarget, target, bias, source, gradient, values] = viewsOf(memory, [
      d,
      transposed,
      outputs[1],
      x,
      dy,
      y,
    ]);
    throughActivation(dTarget, gradient, values, start * channelsOut, activation);
    transposeInto(target, source, start * channelsIn, count, channelsIn);
    for (let at = 0; at < dTarget.length; at += channelsOut) {
      for (let c = 0; c < channelsOut; c++) bias[c] += dTarget[at + c];
    }
    const part = memory.matMul(transposed, d);
    const [sum, addend] = viewsOf(memory, [outputs[0], part]);
    for (let n = 0; n < sum.length; n++) sum[n] += addend[n];
    memory.dispose(d);
    memory.dispose(transposed);
    memory.dispose(part);
  }
  return outputs;
};
