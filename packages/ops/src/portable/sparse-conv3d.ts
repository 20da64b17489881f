import {
  add,
  concat,
  gather,
  matMul,
  reshape,
  slice,
  type Tensor,
  tidy,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core';
import type { TensorsOf } from '../dispatch.js';
import type {
  KernelMap,
  SparseConv3dAttrs,
  SparseConv3dBackpropFilterAttrs,
  SparseConv3dBackpropFilterInputs,
  SparseConv3dInputs,
} from '../kernels.js';
import { columnsOf, indexTensor, withZeroRow } from './padded-rows.js';

/** Floats of gathered neighbourhoods held at once (64 MB). */
const gatheredFloats = 1 << 24;

/** [rows * taps] row of x for every result row and tap, or -1. */
const neighbourTable = (map: KernelMap, inverse: boolean): Int32Array =>
  inverse ? map.outputOf : map.inputOf;

/**
 * The neighbourhoods of blocks of result rows, gathered side by side ([rows, taps * C], zeros where a neighbour is
 * missing), are what one matrix product turns into output. A neighbourhood is a gather in both directions, because
 * each tap pairs a row with at most one other: nothing is ever scattered.
 */
const eachNeighbourhood = (
  x: Tensor,
  map: KernelMap,
  inverse: boolean,
  use: (neighbourhood: Tensor, start: number, end: number) => void,
): void => {
  const table = neighbourTable(map, inverse);
  const rows = inverse ? map.inRows : map.outRows;
  const channels = columnsOf(x);
  const padded = withZeroRow(x);
  const block = Math.max(1, Math.floor(gatheredFloats / (map.taps * channels)));
  for (let start = 0; start < rows; start += block) {
    const end = Math.min(rows, start + block);
    const indices = indexTensor(table.subarray(start * map.taps, end * map.taps), x.shape[0]);
    use(reshape(gather(padded, indices), [end - start, map.taps * channels]), start, end);
  }
  padded.dispose();
};

export const portableSparseConv3d = (
  { x, w }: TensorsOf<SparseConv3dInputs>,
  { map, inverse, transposeW }: SparseConv3dAttrs,
): Tensor => {
  const [taps, channelsIn, channelsOut]: readonly number[] = transposeW
    ? [w.shape[0], w.shape[2]!, w.shape[1]!]
    : w.shape;
  const rows = inverse ? map.inRows : map.outRows;
  if (rows === 0 || map.pairs === 0) return zeros([rows, channelsOut]);
  const matrix = reshape(transposeW ? transpose(w, [0, 2, 1]) : w, [taps * channelsIn, channelsOut]);
  const blocks: Tensor[] = [];
  eachNeighbourhood(x, map, inverse, (neighbourhood) => {
    blocks.push(matMul(neighbourhood, matrix));
    neighbourhood.dispose();
  });
  return blocks.length === 1 ? blocks[0] : concat(blocks, 0);
};

export const portableSparseConv3dBackpropFilter = (
  { x, dy }: TensorsOf<SparseConv3dBackpropFilterInputs>,
  { map, inverse }: SparseConv3dBackpropFilterAttrs,
): Tensor => {
  const shape: [number, number, number] = [map.taps, columnsOf(x), columnsOf(dy)];
  if (map.pairs === 0) return zeros(shape);
  let sum: Tensor | undefined;
  eachNeighbourhood(x, map, inverse, (neighbourhood, start, end) => {
    const before = sum;
    sum = tidy(() => {
      const part = matMul(neighbourhood, slice(dy, [start, 0], [end - start, shape[2]]), true);
      return before ? add(before, part) : part;
    });
    before?.dispose();
    neighbourhood.dispose();
  });
  return reshape(sum ?? zeros(shape), shape);
};
