import type { TensorInfo } from '@tensorflow/tfjs-core';
import type {
  GatherRowsAttrs,
  GatherRowsInputs,
  ScatterAddRowsAttrs,
  ScatterAddRowsInputs,
} from '../kernels.js';
import { type HostMemory, viewsOf } from './memory.js';
import { gatherInto, scatterAddInto } from './rows.js';

export const hostGatherRows = (
  memory: HostMemory,
  { x }: GatherRowsInputs,
  { indices }: GatherRowsAttrs,
): TensorInfo => {
  const width = x.shape[1];
  const y = memory.make([indices.length, width]);
  const [target, source] = viewsOf(memory, [y, x]);
  gatherInto(target, source, width, indices, 0, indices.length);
  return y;
};

export const hostScatterAddRows = (
  memory: HostMemory,
  { x }: ScatterAddRowsInputs,
  { indices, rows }: ScatterAddRowsAttrs,
): TensorInfo => {
  const width = x.shape[1];
  const y = memory.make([rows, width]);
  const [target, source] = viewsOf(memory, [y, x]);
  target.fill(0);
  scatterAddInto(target, source, width, indices, 0, indices.length);
  return y;
};
