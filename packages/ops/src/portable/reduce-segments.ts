import { add, gather, maximum, mul, type Tensor, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { Segments } from '../kernels.js';
import { columnsOf, indexTensor, withZeroRow } from './padded-rows.js';

/** One level of pairwise reduction: row j of the next level combines rows first[j] and second[j] (-1: none) of this one. */
interface Level {
  readonly first: Int32Array;
  readonly second: Int32Array;
}

interface ReductionTree {
  readonly levels: readonly Level[];
  /** [count] row of the last level that holds the segment's result, or -1 for an empty segment. */
  readonly result: Int32Array;
}

const known = new WeakMap<Segments, ReductionTree>();

/** Halves every segment until one row of it is left: log2(longest segment) levels. */
const reductionTree = (segments: Segments): ReductionTree => {
  const before = known.get(segments);
  if (before) return before;
  const { count } = segments;
  let offsets = segments.offsets;
  const levels: Level[] = [];
  const longest = (): number => {
    let most = 0;
    for (let s = 0; s < count; s++) most = Math.max(most, offsets[s + 1] - offsets[s]);
    return most;
  };
  while (longest() > 1) {
    const next = new Int32Array(count + 1);
    for (let s = 0; s < count; s++) next[s + 1] = next[s] + ((offsets[s + 1] - offsets[s] + 1) >> 1);
    const first = new Int32Array(next[count]);
    const second = new Int32Array(next[count]);
    for (let s = 0; s < count; s++) {
      for (let j = next[s], row = offsets[s]; j < next[s + 1]; j++, row += 2) {
        first[j] = row;
        second[j] = row + 1 < offsets[s + 1] ? row + 1 : -1;
      }
    }
    levels.push({ first, second });
    offsets = next;
  }
  const result = new Int32Array(count);
  for (let s = 0; s < count; s++) result[s] = offsets[s + 1] > offsets[s] ? offsets[s] : -1;
  const tree = { levels, result };
  known.set(segments, tree);
  return tree;
};

/**
 * [count, C] the sum or the maximum of every segment's rows, zeros for an empty segment: pairwise, so the order is
 * fixed and no backend needs a scatter or atomics.
 */
export const reduceSegments = (x: Tensor, segments: Segments, combine: 'sum' | 'max'): Tensor => {
  if (segments.order.length === 0) return zeros([segments.count, columnsOf(x)]);
  const { levels, result } = reductionTree(segments);
  let rows: Tensor = gather(x, indexTensor(segments.order, 0));
  for (const { first, second } of levels) {
    const left = gather(rows, indexTensor(first, 0));
    if (combine === 'max') {
      rows = maximum(
        left,
        gather(
          rows,
          indexTensor(
            second.map((row, j) => (row < 0 ? first[j] : row)),
            0,
          ),
        ),
      );
    } else {
      rows = add(left, gather(withZeroRow(rows), indexTensor(second, rows.shape[0])));
    }
  }
  return gather(withZeroRow(rows), indexTensor(result, rows.shape[0]));
};

/** Rows of x times a host number each. */
export const scaleRows = (x: Tensor, factors: Float32Array): Tensor =>
  mul(x, tensor2d(factors, [factors.length, 1]));
