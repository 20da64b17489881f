import { getBackend } from '@tensorflow/tfjs-core';
import type { KernelMap, KernelMapPart } from '../kernels.js';

/** Whether the current engine computes tables of kernel maps itself, so that the host's would be in vain. */
export const deviceBuildsMaps = (): boolean => getBackend() === 'webgpu';

/** A map whose host tables are made when somebody asks for them; an engine that builds its own from `parts` does not. */
export const lazyKernelMap = (
  { taps, inRows, outRows }: Pick<KernelMap, 'taps' | 'inRows' | 'outRows'>,
  parts: readonly KernelMapPart[],
  build: () => KernelMap,
): KernelMap => {
  let built: KernelMap | undefined;
  const host = (): KernelMap => (built ??= build());
  return {
    taps,
    inRows,
    outRows,
    parts,
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
