import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { type Primitive, runPrimitive } from '../dispatch.js';
import { SquareSums, type SquareSumsInputs } from '../kernels.js';
import { portableSquareSums } from '../portable/square-sums.js';
import { checkShape } from './check-shape.js';

const primitive: Primitive<SquareSumsInputs, object> = { name: SquareSums, portable: portableSquareSums };

/**
 * The sum of squares of each tensor, in one call of the engine: their joint norm is the root of the sum. Not
 * differentiable.
 *
 * @param tensors [K], at least one, any shapes
 * @returns [K]
 */
export const squareSums = (tensors: readonly Tensor[]): Tensor1D => {
  if (tensors.length === 0) throw new RangeError('squareSums: expected at least one tensor');
  for (const [k, tensor] of tensors.entries()) checkShape('squareSums', `[${k}]`, tensor, tensor.shape);
  return runPrimitive(primitive, [...tensors], {})[0] as Tensor1D;
};
