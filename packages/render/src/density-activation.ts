import {
  clipByValue,
  customGrad,
  exp,
  type GradSaveFunc,
  mul,
  softplus,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** e^8 per metre is opaque at any step; beyond, only float32 could be lost. */
const LARGEST_EXPONENT = 8;

/**
 * Density (1/m) from what the last layer says. 'exp' is cut off above e^8 while its gradient stays that of the largest
 * value, so that a sample that became opaque by mistake can recover (Mueller et al. 2022 do likewise).
 */
export const densityActivation = <T extends Tensor>(x: T, kind: 'exp' | 'softplus'): T => {
  if (kind === 'softplus') return softplus(x);
  return customGrad((input, save) => {
    const value = exp(clipByValue(input as Tensor, -30, LARGEST_EXPONENT));
    (save as GradSaveFunc)([value]);
    return { value, gradFunc: (dy: Tensor, [y]: Tensor[]) => mul(dy, y) };
  })(x) as T;
};
