import { gather, type Tensor, zeros } from '@tensorflow/tfjs-core';
import type { TensorsOf } from '../dispatch.js';
import type {
  GatherRowsAttrs,
  GatherRowsInputs,
  ScatterAddRowsAttrs,
  ScatterAddRowsInputs,
  Segments,
} from '../kernels.js';
import { segmentsOf } from '../segments-of.js';
import { columnsOf, indexTensor, withZeroRow } from './padded-rows.js';
import { reduceSegments } from './reduce-segments.js';

export const portableGatherRows = (
  { x }: TensorsOf<GatherRowsInputs>,
  { indices }: GatherRowsAttrs,
): Tensor =>
  indices.length === 0 ? zeros([0, columnsOf(x)]) : gather(withZeroRow(x), indexTensor(indices, x.shape[0]));

const known = new WeakMap<Int32Array, Segments>();

/** Rows grouped by their target, made once per array of indices. */
export const groupsOf = (indices: Int32Array, rows: number): Segments => {
  const before = known.get(indices);
  if (before?.count === rows) return before;
  const groups = segmentsOf(indices, rows);
  known.set(indices, groups);
  return groups;
};

export const portableScatterAddRows = (
  { x }: TensorsOf<ScatterAddRowsInputs>,
  { indices, rows }: ScatterAddRowsAttrs,
): Tensor => reduceSegments(x, groupsOf(indices, rows), 'sum');
