import type { KernelMap } from '@nerfseg/ops';
import type { KernelName } from './kernel-shapes.js';
import type { PlanLevel } from './plan.js';

/** A level's submanifold map, which must be there: plans and networks of different `kernelMaps` do not mix. */
export function mapOf(level: PlanLevel, name: KernelName): KernelMap {
  const map = level.maps[name];
  if (!map)
    throw new Error(`the plan has no ${name} map at level ${level.level}: it was made for other kernelMaps`);
  return map;
}

/** The map from a level to the next coarser one. */
export function downOf(level: PlanLevel): KernelMap {
  if (!level.down) throw new Error(`level ${level.level} is the bottleneck: no level below it`);
  return level.down;
}
