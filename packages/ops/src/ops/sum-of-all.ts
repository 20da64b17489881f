import { reshape, type Scalar, sum, type Tensor } from '@tensorflow/tfjs-core';
import { scatterAddRows } from './gather-scatter-rows.js';

/**
 * The sum of all elements; 0 where there are none, of which tfjs's own is whatever lay in memory on the wasm backend. Differentiable.
 *
 * @param x any shape
 */
export const sumOfAll = (x: Tensor): Scalar =>
  x.size > 0
    ? (sum(x) as Scalar)
    : (reshape(scatterAddRows(reshape(x, [0, 1]), new Int32Array(0), 1), []) as Scalar);
