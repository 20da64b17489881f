import { squareSums } from '@nerfseg/ops';
import type { NamedTensors, Transformation } from './transformation.js';
import { materialise, tensorUpdates } from './updates.js';

/** The joint L2 norm of tensors. */
export async function globalNorm(tensors: NamedTensors): Promise<number> {
  const sums = squareSums(Object.values(tensors));
  const squares = await sums.data<'float32'>();
  sums.dispose();
  return Math.sqrt(squares.reduce((total, square) => total + square, 0));
}

/**
 * Scales all updates by one factor so that their joint L2 norm is at most `maxNorm`; smaller ones stay as they are.
 *
 * @param told gets the norm before clipping.
 */
export const clipByGlobalNorm = (maxNorm: number, told?: (norm: number) => void): Transformation => ({
  init: () => ({ variables: {}, counters: {} }),
  update: async (updates, _state, parameters) => {
    const tensors = materialise(updates);
    const norm = await globalNorm(tensors);
    told?.(norm);
    // What is not finite stays as it is: the caller sees the norm.
    return norm > maxNorm && Number.isFinite(norm)
      ? tensorUpdates(materialise(tensorUpdates(tensors, parameters, maxNorm / norm)), parameters)
      : tensorUpdates(tensors, parameters);
  },
});
