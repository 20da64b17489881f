import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NerfsegWebGpuBackend } from '../backend.js';
import { type Element, type Program, runGroups } from '../program.js';
import type { Resident } from '../resident.js';

/** Rows that one workgroup sums: 16 lanes of 32. */
const blockRows = 512;

/** Sums over the 16 lanes of each of 16 columns: `fn sumLanes(lane: u32, value: vec2f) -> vec2f`, right in lanes 0 to 15. */
const sumLanes = `var<workgroup> laneSums: array<vec2f, 256>;
fn sumLanes(lane: u32, value: vec2f) -> vec2f {
  laneSums[lane] = value;
  workgroupBarrier();
  for (var reach = 128u; reach >= 16u; reach /= 2u) {
    if (lane < reach) { laneSums[lane] += laneSums[lane + reach]; }
    workgroupBarrier();
  }
  return laneSums[lane];
}`;

interface Sums {
  readonly name: string;
  readonly reads: Readonly<Record<string, Element>>;
  readonly params?: Readonly<Record<string, 'u32' | 'f32'>>;
  /** WGSL of `fn value(row: u32, column: u32) -> vec2f`: what is summed over the rows; `params.columns` is the row's length. */
  readonly value: string;
}

/** Two programs: sums over blocks of rows, then over the blocks. Always in the same order, in float32, pairwise at the ends. */
export interface ColumnSums {
  readonly blocks: Program;
  readonly whole: Program;
}

/**
 * @param finish what becomes of a column's two sums: WGSL of `fn finish(column: u32, sums: vec2f)`, which writes `outputs`.
 */
export const columnSums = (
  { name, reads, params = {}, value }: Sums,
  finish: {
    readonly reads?: Readonly<Record<string, Element>>;
    readonly outputs: Readonly<Record<string, Element>>;
    readonly params?: Readonly<Record<string, 'u32' | 'f32'>>;
    readonly code: string;
  },
): ColumnSums => ({
  blocks: {
    name: `${name}, blocks`,
    reads,
    writes: { partial: 'vec2f' },
    params: { ...params, rows: 'u32', columns: 'u32', columnGroups: 'u32' },
    workgroup: 256,
    code: `${value}
${sumLanes}
fn main(group: u32, lane: u32) {
  let block = group / params.columnGroups;
  let column = (group % params.columnGroups) * 16u + lane % 16u;
  let end = min(params.rows, (block + 1u) * ${blockRows}u);
  var sum = vec2f();
  if (column < params.columns) {
    for (var row = block * ${blockRows}u + lane / 16u; row < end; row += 16u) { sum += value(row, column); }
  }
  let total = sumLanes(lane, sum);
  if (lane < 16u && column < params.columns) { partial[block * params.columns + column] = total; }
}`,
  },
  whole: {
    name,
    reads: { partial: 'vec2f', ...finish.reads },
    writes: finish.outputs,
    params: { ...finish.params, rows: 'u32', columns: 'u32', blocks: 'u32' },
    workgroup: 256,
    code: `${finish.code}
${sumLanes}
fn main(group: u32, lane: u32) {
  let column = group * 16u + lane % 16u;
  var sum = vec2f();
  if (column < params.columns) {
    for (var block = lane / 16u; block < params.blocks; block += 16u) { sum += partial[block * params.columns + column]; }
  }
  let total = sumLanes(lane, sum);
  if (lane < 16u && column < params.columns) { finish(column, total); }
}`,
  },
});

interface Buffers {
  readonly reads: Readonly<Record<string, TensorInfo | Resident>>;
  readonly finishReads?: Readonly<Record<string, TensorInfo | Resident>>;
  readonly outputs: Readonly<Record<string, TensorInfo>>;
  readonly params?: Readonly<Record<string, number>>;
}

/** Sums over at least one row. */
export const runColumnSums = (
  gpu: NerfsegWebGpuBackend,
  { blocks: overBlocks, whole }: ColumnSums,
  rows: number,
  columns: number,
  { reads, finishReads = {}, outputs, params = {} }: Buffers,
): void => {
  if (columns === 0) return;
  const blocks = Math.ceil(rows / blockRows);
  const columnGroups = Math.ceil(columns / 16);
  const partial = gpu.allocate([blocks, columns, 2]);
  runGroups(gpu, overBlocks, blocks * columnGroups, {
    reads,
    writes: { partial },
    params: { ...params, rows, columns, columnGroups },
  });
  runGroups(gpu, whole, columnGroups, {
    reads: { partial, ...finishReads },
    writes: outputs,
    params: { ...params, rows, columns, blocks },
  });
  gpu.disposeData(partial.dataId);
};
