import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NerfsegWebGpuBackend } from './backend.js';
import { type Program, runGroups } from './program.js';
import type { Resident } from './resident.js';
import { scan, scanProgram } from './scan.js';

/** Threads of a workgroup, and the consecutive elements of each. */
const threads = 128;
const perThread = 8;
const block = threads * perThread;

/** Counts of this thread's elements by digit, in `counts[digit * 129 + lane]` (129: lanes of different digits share no bank). */
const countDigits = `var<workgroup> counts: array<u32, ${16 * (threads + 1)}>;
fn digitOf(key: u32) -> u32 { return (key >> params.shift) & 15u; }
fn countDigits(which: u32, first: u32, lane: u32) {
  for (var digit = 0u; digit < 16u; digit++) { counts[digit * ${threads + 1}u + lane] = 0u; }
  for (var n = first; n < min(params.length, first + ${perThread}u); n++) {
    counts[digitOf(keys[which * params.length + n]) * ${threads + 1}u + lane] += 1u;
  }
  workgroupBarrier();
}`;

const histogram: Program = {
  name: 'radix sort, histogram',
  reads: { keys: 'u32' },
  writes: { digits: 'u32' },
  params: { length: 'u32', blocks: 'u32', shift: 'u32' },
  workgroup: threads,
  code: `${countDigits}
fn main(group: u32, lane: u32) {
  let which = group / params.blocks;
  let number = group % params.blocks;
  countDigits(which, number * ${block}u + lane * ${perThread}u, lane);
  if (lane < 16u) {
    var total = 0u;
    for (var n = 0u; n < ${threads}u; n++) { total += counts[lane * ${threads + 1}u + n]; }
    digits[(which * 16u + lane) * params.blocks + number] = total;
  }
}`,
};

const offsets = scanProgram(
  'radix sort, offsets',
  { digits: 'u32' },
  {},
  'fn value(which: u32, at: u32) -> u32 { return digits[which * params.length + at]; }',
);

/** Where this block's elements of a digit begin: from exclusive sums over all digits and blocks, made by programs of their own. */
const bySums = {
  reads: { prefix: 'u32', sums: 'u32' },
  params: { sumBlocks: 'u32' },
  code: `fn begin(which: u32, number: u32, lane: u32) -> u32 {
  let at = lane * params.blocks + number;
  return prefix[which * 16u * params.blocks + at] + sums[which * params.sumBlocks + at / 1024u];
}`,
} as const;

/** The same from the counts: every block adds them up itself. For few blocks: what counts then is the number of dispatches. */
const byCounts = {
  reads: { digits: 'u32' },
  params: {},
  code: `var<workgroup> totals: array<u32, 16>;
fn begin(which: u32, number: u32, lane: u32) -> u32 {
  var before = 0u;
  var total = 0u;
  if (lane < 16u) {
    for (var n = 0u; n < params.blocks; n++) {
      let count = digits[(which * 16u + lane) * params.blocks + n];
      before += select(0u, count, n < number);
      total += count;
    }
    totals[lane] = total;
  }
  workgroupBarrier();
  for (var digit = 0u; digit < min(lane, 16u); digit++) { before += totals[digit]; }
  return before;
}`,
} as const;

const scatter = (first: boolean, begins: typeof bySums | typeof byCounts): Program => ({
  name: 'radix sort, scatter',
  reads: { keys: 'u32', ...(first ? {} : { order: 'u32' as const }), ...begins.reads },
  writes: { nextKeys: 'u32', nextOrder: 'u32' },
  params: { length: 'u32', blocks: 'u32', shift: 'u32', ...begins.params },
  workgroup: threads,
  code: `${countDigits}
${begins.code}
fn main(group: u32, lane: u32) {
  let which = group / params.blocks;
  let number = group % params.blocks;
  let first = number * ${block}u + lane * ${perThread}u;
  countDigits(which, first, lane);
  var next = begin(which, number, lane);
  if (lane < 16u) {
    for (var n = 0u; n < ${threads}u; n++) {
      let own = counts[lane * ${threads + 1}u + n];
      counts[lane * ${threads + 1}u + n] = next;
      next += own;
    }
  }
  workgroupBarrier();
  for (var n = first; n < min(params.length, first + ${perThread}u); n++) {
    let key = keys[which * params.length + n];
    let slot = digitOf(key) * ${threads + 1}u + lane;
    let place = which * params.length + counts[slot];
    counts[slot] += 1u;
    nextKeys[place] = key;
    nextOrder[place] = ${first ? 'n' : 'order[which * params.length + n]'};
  }
}`,
});

const scatterFew = { first: scatter(true, byCounts), next: scatter(false, byCounts) };
const scatterMany = { first: scatter(true, bySums), next: scatter(false, bySums) };

/**
 * Sorts `batch` arrays of `length` numbers each, ascending and stable, four bits a pass. The result depends on nothing but
 * the keys: there are no atomics.
 *
 * @param keys u32 [batch, length], at least one; freed
 * @param bits how many low bits of the keys are compared
 * @param order u32 [batch, length]: gets, for every place, the number of the element that belongs there
 * @param few up to so many blocks of 1,024 elements every block adds up the counts of all
 * @returns the sorted keys; the caller frees them
 */
export const radixSort = (
  gpu: NerfsegWebGpuBackend,
  keys: TensorInfo,
  batch: number,
  length: number,
  bits: number,
  order: TensorInfo | Resident,
  few = 128,
): TensorInfo => {
  const blocks = Math.ceil(length / block);
  const passes = Math.max(1, Math.ceil(bits / 4));
  let current = keys;
  let currentOrder: TensorInfo | undefined;
  for (let pass = 0; pass < passes; pass++) {
    const params = { length, blocks, shift: pass * 4 };
    const digits = gpu.allocate([batch, 16 * blocks], 'int32');
    runGroups(gpu, histogram, batch * blocks, { reads: { keys: current }, writes: { digits }, params });
    const found = blocks > few ? scan(gpu, offsets, batch, 16 * blocks, { digits }) : undefined;
    const nextKeys = gpu.allocate([batch, length], 'int32');
    const nextOrder = pass === passes - 1 ? order : gpu.allocate([batch, length], 'int32');
    const programs = found ? scatterMany : scatterFew;
    runGroups(gpu, currentOrder ? programs.next : programs.first, batch * blocks, {
      reads: {
        keys: current,
        ...(currentOrder ? { order: currentOrder } : {}),
        ...(found ? { prefix: found.prefix, sums: found.sums } : { digits }),
      },
      writes: { nextKeys, nextOrder },
      params: { ...params, ...(found ? { sumBlocks: found.blocks } : {}) },
    });
    found?.dispose();
    gpu.disposeData(digits.dataId);
    gpu.disposeData(current.dataId);
    if (currentOrder) gpu.disposeData(currentOrder.dataId);
    current = nextKeys;
    currentOrder = pass === passes - 1 ? undefined : (nextOrder as TensorInfo);
  }
  return current;
};
