import type { Tensor } from '@tensorflow/tfjs-core';

/** Throws where a tensor is not float32 (`tf.oneHot`'s are int32), or has another shape than an op can take; null matches any size. */
export const checkShape = (
  op: string,
  argument: string,
  tensor: Tensor,
  expected: readonly (number | null)[],
): void => {
  if (tensor.dtype !== 'float32') throw new Error(`${op}: ${argument} is ${tensor.dtype}, expected float32`);
  const matches =
    tensor.shape.length === expected.length &&
    expected.every((size, axis) => size === null || size === tensor.shape[axis]);
  if (!matches) {
    const wanted = expected.map((size) => size ?? '?').join(', ');
    throw new Error(`${op}: ${argument} has shape [${tensor.shape.join(', ')}], expected [${wanted}]`);
  }
};
