import type { KernelMap } from '@nerfseg/ops';
import type { Cylinder3dConfig } from './config.js';
import type { KernelName } from './kernel-shapes.js';
import { mapName, type SharedBlock } from './layer-kernels.js';
import { downOf, mapOf } from './level-maps.js';
import type { PlanLevel, ScanPlan } from './plan.js';

/** Floating-point operations of one forward pass. */
export interface Operations {
  readonly pointEncoder: number;
  readonly unet: number;
}

/** Counts 2 x multiply-adds of one forward pass over a plan: convolutions by their present pairs, linear layers by their rows. */
export function countOperations(plan: ScanPlan, config: Cylinder3dConfig): Operations {
  const c = config.width;
  const cost = (map: KernelMap, input: number, output: number): number => 2 * map.pairs * input * output;
  const shared = (level: PlanLevel, block: SharedBlock, own: KernelName): KernelMap =>
    mapOf(level, mapName(config.kernelMaps, block, own));
  const [finest] = plan.levels as [PlanLevel, ...PlanLevel[]];
  let unet = 0;
  const asymmetric = (level: PlanLevel, block: 'context' | 'down', input: number, output: number): void => {
    for (const own of ['1x3x3', '3x1x3'] as const)
      unet +=
        cost(shared(level, block, own), input, output) + cost(shared(level, block, own), output, output);
  };
  asymmetric(finest, 'context', config.voxelInputChannels, c);
  for (let i = 0, m = c; i < 4; i++, m *= 2) {
    asymmetric(plan.levels[i], 'down', m, 2 * m);
    unet += cost(downOf(plan.levels[i]), 2 * m, 2 * m);
    const [input, output] = [i === 3 ? 2 * m : 4 * m, 2 * m];
    unet += cost(mapOf(plan.levels[i + 1], '3x3x3'), input, output);
    unet += cost(downOf(plan.levels[i]), output, output);
    for (const own of ['1x3x3', '3x1x3', '3x3x3'] as const)
      unet += cost(shared(plan.levels[i], 'up', own), output, output);
  }
  for (const own of ['3x1x1', '1x3x1', '1x1x3'] as const)
    unet += cost(shared(finest, 'refine', own), 2 * c, 2 * c);
  unet += cost(mapOf(finest, '3x3x3'), 4 * c, config.numClasses);

  let pointEncoder = 0;
  let input = config.pointChannels;
  const last = config.pointWidths[config.pointWidths.length - 1];
  for (const width of [...config.pointWidths, last]) {
    pointEncoder += 2 * plan.points * input * width;
    input = width;
  }
  pointEncoder += 2 * plan.segments.count * last * config.voxelInputChannels;
  return { pointEncoder, unet };
}
