import {
  BatchMatMul,
  type GradConfig,
  getBackend,
  matMul,
  type Tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import { rule } from './rule.js';

/** a . b with either transposed. XNNPACK behind the wasm backend has no transposed product: transposing first is ten times faster. */
export const product = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor =>
  getBackend() === 'wasm' && a.shape.length === 2
    ? matMul(transposeA ? transpose(a) : a, transposeB ? transpose(b) : b)
    : matMul(a, b, transposeA, transposeB);

/** The gradient of tfjs's matrix product. */
export const matrixProductGradient: GradConfig = rule<{ transposeA: boolean; transposeB: boolean }>(
  BatchMatMul,
  { inputs: ['a', 'b'] },
  (dy, [a, b], { transposeA, transposeB }) => ({
    a: () => (transposeA ? product(b, dy, transposeB, true) : product(dy, b, false, !transposeB)),
    b: () => (transposeB ? product(dy, a, true, transposeA) : product(a, dy, !transposeA, false)),
  }),
);
