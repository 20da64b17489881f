import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NerfsegWebGpuBackend } from './backend.js';
import { once } from './kernels/once.js';
import { type Element, type Program, runGroups } from './program.js';
import type { Resident } from './resident.js';
import { scanExtensions, scanLanes } from './scan-lanes.js';

/** A program with subgroups, and without. */
export type ScanProgram = (subgroups: boolean) => Program;

/** Values that one workgroup scans. */
export const scanBlock = 1024;

/**
 * The first half of exclusive sums over `batch` arrays of `length` numbers each: sums within blocks, and every block's total.
 * `value`: WGSL of `fn value(which: u32, at: u32) -> u32`, from the buffers that it names. One program with subgroups and one
 * without: the sums are whole numbers, so that both give the same.
 */
export const scanProgram = (
  name: string,
  reads: Readonly<Record<string, Element>>,
  params: Readonly<Record<string, 'u32'>>,
  value: string,
): ScanProgram =>
  once(
    (subgroups: boolean): Program => ({
      name,
      reads,
      writes: { prefix: 'u32', sums: 'u32' },
      params: { ...params, length: 'u32', blocks: 'u32' },
      workgroup: 256,
      enables: scanExtensions(subgroups),
      code: `${value}
${scanLanes(subgroups)}
fn main(group: u32, thread: u32) {
  let lane = laneOf(thread);
  let which = group / params.blocks;
  let first = (group % params.blocks) * ${scanBlock}u + lane * 4u;
  var own = array<u32, 4>();
  var total = 0u;
  for (var n = 0u; n < 4u; n++) {
    if (first + n < params.length) { own[n] = value(which, first + n); }
    total += own[n];
  }
  var before = scanLanes(lane, total);
  for (var n = 0u; n < 4u; n++) {
    if (first + n < params.length) { prefix[which * params.length + first + n] = before; }
    before += own[n];
  }
  if (lane == 255u) { sums[group] = before; }
}`,
    }),
  );

/** The second half: the blocks' totals become exclusive sums, and their total goes to `totals`. */
const sumsProgram: ScanProgram = once(
  (subgroups: boolean): Program => ({
    name: 'scan block sums',
    reads: {},
    writes: { sums: 'u32', totals: 'u32' },
    params: { blocks: 'u32' },
    workgroup: 256,
    enables: scanExtensions(subgroups),
    code: `${scanLanes(subgroups)}
fn main(group: u32, thread: u32) {
  let lane = laneOf(thread);
  var carry = 0u;
  for (var start = 0u; start < params.blocks; start += 256u) {
    let at = start + lane;
    var own = 0u;
    if (at < params.blocks) { own = sums[group * params.blocks + at]; }
    let before = scanLanes(lane, own);
    if (at < params.blocks) { sums[group * params.blocks + at] = carry + before; }
    carry += sumOfLanes();
    workgroupBarrier();
  }
  if (lane == 0u) { totals[group] = carry; }
}`,
  }),
);

/** Exclusive sums: of element n of array b it is prefix[b * length + n] + sums[b * blocks + n / 1024]. */
export interface Scan {
  readonly prefix: TensorInfo;
  readonly sums: TensorInfo;
  /** [batch] */
  readonly totals: TensorInfo;
  readonly blocks: number;
  readonly dispose: () => void;
}

/** Runs a program of {@link scanProgram}. Nothing is read where `length` or `batch` is 0: do not call it then. */
export const scan = (
  gpu: NerfsegWebGpuBackend,
  program: ScanProgram,
  batch: number,
  length: number,
  reads: Readonly<Record<string, TensorInfo | Resident>>,
  params: Readonly<Record<string, number>> = {},
): Scan => {
  const blocks = Math.ceil(length / scanBlock);
  const prefix = gpu.allocate([batch, length], 'int32');
  const sums = gpu.allocate([batch, blocks], 'int32');
  const totals = gpu.allocate([batch], 'int32');
  const { subgroups } = gpu.optional;
  runGroups(gpu, program(subgroups), batch * blocks, {
    reads,
    writes: { prefix, sums },
    params: { ...params, length, blocks },
  });
  runGroups(gpu, sumsProgram(subgroups), batch, { reads: {}, writes: { sums, totals }, params: { blocks } });
  const dispose = (): void => {
    for (const info of [prefix, sums, totals]) gpu.disposeData(info.dataId);
  };
  return { prefix, sums, totals, blocks, dispose };
};
