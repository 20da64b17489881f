import type { TensorInfo } from '@tensorflow/tfjs-core';
import { labelledRows } from '../../portable/lovasz-softmax.js';
import type { NerfsegWebGpuBackend } from '../backend.js';
import { perItem, runItems } from '../program.js';
import { radixSort } from '../radix-sort.js';
import { scan, scanProgram } from '../scan.js';
import { zeros } from './fill.js';
import { sumAll } from './total-sums.js';

// `facts` holds, one behind another: the classes that occur, the rows of each, the labelled rows, and their labels.
const facts = `fn classAt(which: u32) -> u32 { return facts[which]; }
fn membersOf(which: u32) -> u32 { return facts[params.present + which]; }
fn rowAt(n: u32) -> u32 { return facts[2u * params.present + n]; }
fn labelAt(n: u32) -> u32 { return facts[2u * params.present + params.count + n]; }`;

/** The error of labelled row n for a class: 1 - p where it is the label, else p. */
const errorOf = `fn errorOf(which: u32, n: u32) -> f32 {
  let p = probabilities[rowAt(n) * params.classes + classAt(which)];
  return select(p, 1.0 - p, labelAt(n) == classAt(which));
}`;

const errorKeys = perItem({
  name: 'Lovasz, keys',
  reads: { probabilities: 'f32', facts: 'u32' },
  writes: { keys: 'u32' },
  params: { classes: 'u32', present: 'u32', count: 'u32' },
  // Larger errors get smaller keys: of a float the sign bit is set, or all bits where it is negative; then all are turned.
  code: `${facts}
${errorOf}
fn each(index: u32) {
  let bits = bitcast<u32>(errorOf(index / params.count, index % params.count));
  keys[index] = select(~(bits | 0x80000000u), bits, (bits & 0x80000000u) != 0u);
}`,
});

/** Members of the class before each place of the order. */
const memberSums = scanProgram(
  'Lovasz, members',
  { order: 'u32', facts: 'u32' },
  { present: 'u32', count: 'u32' },
  `${facts}
fn value(which: u32, at: u32) -> u32 {
  return select(0u, 1u, labelAt(order[which * params.length + at]) == classAt(which));
}`,
);

/**
 * One step of the Jaccard loss along the order. Its differences are written out: a member takes 1 of the intersection, any
 * other row adds 1 to the union, so that nothing cancels in float32.
 */
const steps = perItem({
  name: 'Lovasz, steps',
  reads: { probabilities: 'f32', facts: 'u32', order: 'u32', prefix: 'u32', sums: 'u32' },
  writes: { gradient: 'f32', terms: 'f32' },
  params: { classes: 'u32', present: 'u32', count: 'u32', blocks: 'u32' },
  code: `${facts}
${errorOf}
fn each(index: u32) {
  let which = index / params.count;
  let place = index % params.count;
  let n = order[index];
  let before = prefix[index] + sums[which * params.blocks + place / 1024u];
  let intersection = f32(membersOf(which) - before);
  let whole = f32(membersOf(which) + place - before);
  let isMember = labelAt(n) == classAt(which);
  let step = select(intersection / (whole * (whole + 1.0)), 1.0 / whole, isMember) / f32(params.present);
  terms[index] = errorOf(which, n) * step;
  gradient[rowAt(n) * params.classes + classAt(which)] = select(step, -step, isMember);
}`,
});

/** The loss and its gradient with respect to the probabilities: all classes are sorted together. */
export const lovasz = (
  gpu: NerfsegWebGpuBackend,
  probabilities: TensorInfo,
  labels: Uint8Array,
): TensorInfo[] => {
  const gradient = zeros(gpu, probabilities.shape);
  const { rows, present } = labelledRows(labels);
  const count = rows.length;
  if (count === 0) return [zeros(gpu, []), gradient];
  const table = new Uint32Array(2 * present.length + 2 * count);
  table.set(present);
  const members = new Uint32Array(256);
  rows.forEach((row, n) => {
    members[labels[row]]++;
    table[2 * present.length + n] = row;
    table[2 * present.length + count + n] = labels[row];
  });
  present.forEach((label, n) => {
    table[present.length + n] = members[label];
  });
  const known = gpu.uploadResident(table, 'labels');
  const params = { classes: probabilities.shape[1], present: present.length, count };
  const shape = [present.length, count];
  const keys = gpu.allocate(shape, 'int32');
  const order = gpu.allocate(shape, 'int32');
  const items = present.length * count;
  runItems(gpu, errorKeys, items, { reads: { probabilities, facts: known }, writes: { keys }, params });
  const sorted = radixSort(gpu, keys, present.length, count, 32, order);
  gpu.disposeData(sorted.dataId);
  const found = scan(gpu, memberSums, present.length, count, { order, facts: known }, params);
  const terms = gpu.allocate(shape);
  runItems(gpu, steps, items, {
    reads: { probabilities, facts: known, order, prefix: found.prefix, sums: found.sums },
    writes: { gradient, terms },
    params: { ...params, blocks: found.blocks },
  });
  found.dispose();
  const loss = sumAll(gpu, terms);
  for (const info of [order, terms]) gpu.disposeData(info.dataId);
  gpu.release(known);
  return [loss, gradient];
};
