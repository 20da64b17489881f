import { clone, getBackend, matMul, ones, reshape, sum, type Tensor, zeros } from '@tensorflow/tfjs-core';

/** The gradient of broadcasting: sums over the axes along which a tensor of `shape` was repeated. */
export const sumToShape = (gradient: Tensor, shape: readonly number[]): Tensor => {
  const lead = gradient.shape.length - shape.length;
  const axes: number[] = [];
  gradient.shape.forEach((size: number, axis: number) => {
    if (axis < lead || (shape[axis - lead] === 1 && size !== 1)) axes.push(axis);
  });
  if (axes.length === 0) return clone(gradient);
  // wasm leaves sums over nothing unset.
  if (gradient.size === 0) return zeros([...shape]);
  return reshape(sumAxes(gradient, axes), [...shape]);
};

/** Sums over axes. Columns of a matrix are summed as a product with ones: on wasm that is a hundred times faster. */
const sumAxes = (x: Tensor, axes: number[]): Tensor =>
  getBackend() === 'wasm' && x.shape.length === 2 && axes.length === 1 && axes[0] === 0
    ? matMul(ones([1, x.shape[0]]), x)
    : sum(x, axes);
