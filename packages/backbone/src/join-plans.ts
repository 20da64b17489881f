import { concatKernelMaps, concatSegments, type KernelMap, selectTaps } from '@nerfseg/ops';
import { type KernelName, tapsWithinCube } from './kernel-shapes.js';
import { downOf, mapOf } from './level-maps.js';
import type { PlanLevel, ScanPlan } from './plan.js';

function joinLevels(parts: readonly PlanLevel[]): PlanLevel {
  const first = parts[0];
  let rows = 0;
  let scans = 0;
  for (const part of parts) {
    if (part.shape.some((cells, axis) => cells !== first.shape[axis]))
      throw new Error(`joinPlans: grids of ${first.shape.join(' x ')} and ${part.shape.join(' x ')} cells`);
    rows += part.coords.length / 3;
    scans += part.scanOffsets.length - 1;
  }
  const coords = new Int32Array(rows * 3);
  const scanOffsets = new Int32Array(scans + 1);
  let row = 0;
  let scan = 0;
  for (const part of parts) {
    coords.set(part.coords, row * 3);
    for (let s = 1; s < part.scanOffsets.length; s++) scanOffsets[++scan] = row + part.scanOffsets[s];
    row += part.coords.length / 3;
  }
  // The others are taps of the cube: engines that list pairs then do so once.
  const cube = concatKernelMaps(parts.map((part) => mapOf(part, '3x3x3')));
  const maps: Partial<Record<KernelName, KernelMap>> = {};
  for (const name of Object.keys(first.maps) as KernelName[]) {
    for (const part of parts) mapOf(part, name);
    maps[name] = name === '3x3x3' ? cube : selectTaps(cube, tapsWithinCube(name));
  }
  const { level, stride, shape } = first;
  const joined = { level, stride, shape, coords, scanOffsets, maps };
  return first.down ? { ...joined, down: concatKernelMaps(parts.map((part) => downOf(part))) } : joined;
}

/** One batch out of several plans of the same grid and `kernelMaps`: plans of unchanged scans can be kept and combined anew. */
export function joinPlans(plans: readonly ScanPlan[]): ScanPlan {
  const first = plans[0];
  if (!first) throw new Error('joinPlans: no plans');
  if (plans.length === 1) return first;
  const sum = (of: (plan: ScanPlan) => number): number => plans.reduce((total, plan) => total + of(plan), 0);
  return {
    scans: sum(({ scans }) => scans),
    points: sum(({ points }) => points),
    pointFeatures: plans.flatMap(({ pointFeatures }) => pointFeatures),
    segments: concatSegments(plans.map(({ segments }) => segments)),
    levels: first.levels.map((_, level) => joinLevels(plans.map((plan) => plan.levels[level]))),
  };
}
