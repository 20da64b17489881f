import {
  BatchMatMul,
  type GradConfig,
  getBackend,
  matMul,
  type Tensor,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core';
import { rule } from './rule.js';
import { sumToShape } from './sum-to-shape.js';

/** a . b with either transposed. */
export const product = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor => {
  if (a.shape.length !== 2 || b.shape.length !== 2) return matMul(a, b, transposeA, transposeB);
  if (a.size === 0 || b.size === 0) {
    // XNNPACK refuses empty operands on the console and leaves the product as it finds it.
    return zeros([a.shape[transposeA ? 1 : 0] as number, b.shape[transposeB ? 0 : 1] as number]);
  }
  if (getBackend() !== 'wasm') return matMul(a, b, transposeA, transposeB);
  // XNNPACK has no transposed product, and wasm's own is ten times slower than transposing first.
  return matMul(transposeA ? transpose(a) : a, transposeB ? transpose(b) : b);
};

/** The gradient of tfjs's matrix product, whose batches broadcast. */
export const matrixProductGradient: GradConfig = rule<{ transposeA: boolean; transposeB: boolean }>(
  BatchMatMul,
  { inputs: ['a', 'b'] },
  (dy, [a, b], { transposeA, transposeB }) => ({
    a: () =>
      sumToShape(transposeA ? product(b, dy, transposeB, true) : product(dy, b, false, !transposeB), a.shape),
    b: () =>
      sumToShape(transposeB ? product(dy, a, true, transposeA) : product(a, dy, !transposeA, false), b.shape),
  }),
);
