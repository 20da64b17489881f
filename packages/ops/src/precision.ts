import { getBackend } from '@tensorflow/tfjs-core';

/**
 * What the factors of a sparse convolution are rounded to: 'float32' is as they are; 'float16' (webgpu) rounds features and
 * weights to float16, multiplies and adds them in float32.
 */
export type Precision = 'float32' | 'float16';

export const precisions: readonly Precision[] = ['float32', 'float16'];

let current: Precision = 'float32';

/** The precision that ops take from the scope around them. */
export const currentPrecision = (): Precision => current;

/**
 * Runs `compute` (synchronously) with sparse convolutions of this precision. Forward only: gradients stay float32, of the
 * factors as they were before rounding. Meant for inference.
 *
 * @throws where the current backend is not `webgpu` and float16 is asked for: no other has it.
 */
export const withPrecision = <T>(precision: Precision, compute: () => T): T => {
  if (!precisions.includes(precision))
    throw new Error(`withPrecision: '${precision}', expected one of ${precisions.join(', ')}`);
  if (precision === 'float16' && getBackend() !== 'webgpu')
    throw new Error(`withPrecision: float16 on the backend '${getBackend()}', expected 'webgpu'`);
  const before = current;
  current = precision;
  try {
    return compute();
  } finally {
    current = before;
  }
};
