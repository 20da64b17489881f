import type { TensorInfo } from '@tensorflow/tfjs-core';
import { tapPairs } from '../kernelmap/tap-pairs.js';
import type {
  SparseConv3dAttrs,
  SparseConv3dBackpropFilterAttrs,
  SparseConv3dBackpropFilterInputs,
  SparseConv3dInputs,
} from '../kernels.js';
import { type HostMemory, viewsOf } from './memory.js';
import { gatherInto, gatherTransposedInto, scatterAddInto } from './rows.js';

/** Floats of one gathered block: with its product it stays in the second-level cache. */
const blockFloats = 1 << 16;

/** No power of two: the columns of a transposed block would share cache sets. */
const blockRows = (channels: number): number =>
  Math.max(64, Math.floor(blockFloats / Math.max(1, channels))) - 16;

/** Tap by tap: present pairs gathered in blocks, multiplied with the tap's matrix, and added to their result rows. */
export const hostSparseConv3d = (
  memory: HostMemory,
  { x, w }: SparseConv3dInputs,
  { map, inverse, transposeW }: SparseConv3dAttrs,
): TensorInfo => {
  const [channelsIn, channelsOut] = transposeW ? [w.shape[2], w.shape[1]] : [w.shape[1], w.shape[2]];
  const pairs = tapPairs(map);
  const [sourceRows, resultRows] = inverse ? [pairs.output, pairs.input] : [pairs.input, pairs.output];
  let y: TensorInfo;
  if (pairs.identity >= 0) {
    const matrix = tapMatrix(memory, w, pairs.identity, transposeW);
    y = memory.matMul(x, matrix);
    memory.dispose(matrix);
  } else {
    y = memory.make([inverse ? map.inRows : map.outRows, channelsOut]);
    memory.view(y).fill(0);
  }
  const block = blockRows(Math.max(channelsIn, channelsOut));
  for (let t = 0; t < map.taps; t++) {
    const first = pairs.offsets[t];
    const last = pairs.offsets[t + 1];
    if (t === pairs.identity || first === last) continue;
    const matrix = tapMatrix(memory, w, t, transposeW);
    for (let start = first; start < last; start += block) {
      const end = Math.min(last, start + block);
      const gathered = memory.make([end - start, channelsIn]);
      const [target, source] = viewsOf(memory, [gathered, x]);
      gatherInto(target, source, channelsIn, sourceRows, start, end);
      const product = memory.matMul(gathered, matrix);
      const [sum, part] = viewsOf(memory, [y, product]);
      scatterAddInto(sum, part, channelsOut, resultRows, start, end);
      memory.dispose(gathered);
      memory.dispose(product);
    }
    memory.dispose(matrix);
  }
  return y;
};

/** A copy of w[t], transposed where asked. */
const tapMatrix = (memory: HostMemory, w: TensorInfo, t: number, transposed: boolean): TensorInfo => {
  const [, rows, columns] = w.shape;
  const matrix = memory.make(transposed ? [columns, rows] : [rows, columns]);
  const [target, all] = viewsOf(memory, [matrix, w]);
  const source = all.subarray(t * rows * columns, (t + 1) * rows * columns);
  if (!transposed) {
    target.set(source);
    return matrix;
  }
  for (let r = 0, from = 0; r < rows; r++) {
    for (let c = 0, to = r; c < columns; c++, to += rows) target[to] = source[from++];
  }
  return matrix;
};

/** Tap by tap: dw[t] = gathered(x)^T . gathered(dy), x gathered transposed so that the product needs no transposition. */
export const hostSparseConv3dBackpropFilter = (
  memory: HostMemory,
  { x, dy }: SparseConv3dBackpropFilterInputs,
  { map, inverse }: SparseConv3dBackpropFilterAttrs,
): TensorInfo => {
  const channelsIn = x.shape[1];
  const channelsOut = dy.shape[1];
  const pairs = tapPairs(map);
  const [xRows, dyRows] = inverse ? [pairs.output, pairs.input] : [pairs.input, pairs.output];
  const dw = memory.make([map.taps, channelsIn, channelsOut]);
  memory.view(dw).fill(0);
  const block = blockRows(Math.max(channelsIn, channelsOut));
  const matrix = channelsIn * channelsOut;
  for (let t = 0; t < map.taps; t++) {
    const last = pairs.offsets[t + 1];
    for (let start = pairs.offsets[t]; start < last; start += block) {
      const end = Math.min(last, start + block);
      const gatheredX = memory.make([channelsIn, end - start]);
      const gatheredDy = memory.make([end - start, channelsOut]);
      const [xTarget, dyTarget, xSource, dySource] = viewsOf(memory, [gatheredX, gatheredDy, x, dy]);
      gatherTransposedInto(xTarget, xSource, channelsIn, xRows, start, end);
      gatherInto(dyTarget, dySource, channelsOut, dyRows, start, end);
      const product = memory.matMul(gatheredX, gatheredDy);
      const [sum, part] = viewsOf(memory, [dw, product]);
      for (let n = 0, to = t * matrix; n < matrix; n++, to++) sum[to] += part[n];
      memory.dispose(gatheredX);
      memory.dispose(gatheredDy);
      memory.dispose(product);
    }
  }
  return dw;
};
