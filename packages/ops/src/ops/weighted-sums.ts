import type { Tensor } from '@tensorflow/tfjs-core';
import { type Primitive, runPrimitive } from '../dispatch.js';
import { WeightedSums, type WeightedSumsAttrs, type WeightedSumsInputs } from '../kernels.js';
import { portableWeightedSums } from '../portable/weighted-sums.js';
import { checkShape } from './check-shape.js';

const primitive: Primitive<WeightedSumsInputs, WeightedSumsAttrs> = {
  name: WeightedSums,
  portable: portableWeightedSums,
};

/** One term of a weighted sum: tensors, and the weight of each or of all. */
export interface WeightedTerm {
  /** [K] */
  readonly tensors: readonly Tensor[];
  /** A number, or [K] of them. */
  readonly weight: number | readonly number[];
}

/**
 * Sums of tensors pair by pair, all in one call of the engine: result k is first.weight * first.tensors[k] +
 * second.weight * second.tensors[k], with the rounding of tfjs's mul and add; without `second` it is scaled only. What a
 * network's many small tensors need between steps: averaging, momentum, scaling. Not differentiable.
 *
 * @returns [K] new tensors
 */
export const weightedSums = (first: WeightedTerm, second?: WeightedTerm): Tensor[] => {
  const count = first.tensors.length;
  const terms = second ? [first, second] : [first];
  const weights = terms.map(({ tensors, weight }) => {
    const list = typeof weight === 'number' ? new Array<number>(count).fill(weight) : weight;
    if (tensors.length !== count || list.length !== count)
      throw new Error(`weightedSums: ${tensors.length} tensors and ${list.length} weights beside ${count}`);
    return list;
  });
  for (const [k, tensor] of first.tensors.entries())
    checkShape('weightedSums', `first[${k}]`, tensor, tensor.shape);
  if (second)
    for (const [k, tensor] of second.tensors.entries())
      checkShape('weightedSums', `second[${k}]`, tensor, first.tensors[k].shape);
  if (count === 0) return [];
  return runPrimitive(
    primitive,
    terms.flatMap(({ tensors }) => tensors),
    { weights },
  );
};
