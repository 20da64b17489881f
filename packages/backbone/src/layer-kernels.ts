import type { KernelMaps } from './config.js';
import type { KernelName } from './kernel-shapes.js';

/** Blocks whose convolutions share an index key in the released code. */
export type SharedBlock = 'context' | 'down' | 'up' | 'refine';

/** The kernel whose rulebook each block's first convolution builds. */
const firstKernel: Readonly<Record<SharedBlock, KernelName>> = {
  context: '1x3x3',
  down: '3x1x3',
  up: '1x3x3',
  refine: '3x1x1',
};

/** The map that a block's convolution of shape `own` really reads. */
export const mapName = (kernelMaps: KernelMaps, block: SharedBlock, own: KernelName): KernelName =>
  kernelMaps === 'released' ? firstKernel[block] : own;

/** The submanifold maps that a level's layers use. */
export function mapsOfLevel(kernelMaps: KernelMaps, level: number): KernelName[] {
  const names = new Set<KernelName>(['3x3x3']);
  const use = (block: SharedBlock, ...own: KernelName[]): void => {
    for (const kernel of own) names.add(mapName(kernelMaps, block, kernel));
  };
  if (level === 0) {
    use('context', '1x3x3', '3x1x3');
    use('refine', '3x1x1', '1x3x1', '1x1x3');
  }
  if (level < 4) {
    use('down', '3x1x3', '1x3x3');
    use('up', '1x3x3', '3x1x3', '3x3x3');
  }
  return [...names];
}
