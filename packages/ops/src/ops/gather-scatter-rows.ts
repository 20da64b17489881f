import type { Tensor2D } from '@tensorflow/tfjs-core';
import { type Primitive, runPrimitive } from '../dispatch.js';
import { hostGatherRows, hostScatterAddRows } from '../host/gather-scatter-rows.js';
import {
  GatherRows,
  type GatherRowsAttrs,
  type GatherRowsInputs,
  ScatterAddRows,
  type ScatterAddRowsAttrs,
  type ScatterAddRowsInputs,
} from '../kernels.js';
import { portableGatherRows, portableScatterAddRows } from '../portable/rows.js';
import { checkIndices } from './check-indices.js';
import { checkShape } from './check-shape.js';

// Each is the other's gradient.
const gatherPrimitive: Primitive<GatherRowsInputs, GatherRowsAttrs> = {
  name: GatherRows,
  portable: portableGatherRows,
  host: hostGatherRows,
  gradient: {
    saveInputs: [],
    rule: ([dy], _, { indices, rows }) => ({
      x: () => runPrimitive(scatterPrimitive, { x: dy }, { indices, rows })[0],
    }),
  },
};

const scatterPrimitive: Primitive<ScatterAddRowsInputs, ScatterAddRowsAttrs> = {
  name: ScatterAddRows,
  portable: portableScatterAddRows,
  host: hostScatterAddRows,
  gradient: {
    saveInputs: [],
    rule: ([dy], _, { indices, rows }) => ({
      x: () => runPrimitive(gatherPrimitive, { x: dy }, { indices, rows })[0],
    }),
  },
};

/**
 * y[j] = x[indices[j]], or zeros where the index is -1. Differentiable in x.
 *
 * @param x [N, C]
 * @param indices [M] rows of x, or -1
 * @returns [M, C]
 */
export const gatherRows = (x: Tensor2D, indices: Int32Array): Tensor2D => {
  checkShape('gatherRows', 'x', x, [null, null]);
  checkIndices('gatherRows', indices, x.shape[0]);
  return runPrimitive(gatherPrimitive, { x }, { indices, rows: x.shape[0] })[0] as Tensor2D;
};

/**
 * y[indices[j]] += x[j] from zeros; rows with index -1 are skipped. Differentiable in x.
 *
 * @param x [N, C]
 * @param indices [N] rows of y, or -1
 * @param rows rows of y
 * @returns [rows, C]
 */
export const scatterAddRows = (x: Tensor2D, indices: Int32Array, rows: number): Tensor2D => {
  checkShape('scatterAddRows', 'x', x, [indices.length, null]);
  checkIndices('scatterAddRows', indices, rows);
  return runPrimitive(scatterPrimitive, { x }, { indices, rows })[0] as Tensor2D;
};
