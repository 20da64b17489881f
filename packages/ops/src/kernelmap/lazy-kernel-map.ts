import { getBackend } from '@tensorflow/tfjs-core';
import type { KernelMap, KernelMapPart } from '../kernels.js';

/** Whether the current engine makes what it needs of a kernel map from coordinates, so that the tables would be in vain. */
export const engineReadsParts = (): boolean => ['webgpu', 'nerfseg-cpu'].includes(getBackend());

/** A map whose host tables are made when somebody asks for them; an engine that reads `parts` does not. */
export const lazyKernelMap = (
  { taps, inRows, outRows }: Pick<KernelMap, 'taps' | 'inRows' | 'outRows'>,
  parts: readonly KernelMapPart[],
  build: () => KernelMap,
  selected?: KernelMap['selected'],
): KernelMap => {
  let built: KernelMap | undefined;
  const host = (): KernelMap => (built ??= build());
  return {
    taps,
    inRows,
    outRows,
    parts,
    ...(selected ? { selected } : {}),
    get inputOf() {
      return host().inputOf;
    },
    get outputOf() {
      return host().outputOf;
    },
    get pairs() {
      return host().pairs;
    },
  };
};
