import {
  add,
  greater,
  leakyRelu,
  mul,
  onesLike,
  relu,
  scalar,
  sigmoid,
  sub,
  sum,
  type Tensor,
  where,
} from '@tensorflow/tfjs-core';
import type { TensorsOf } from '../dispatch.js';
import { product } from '../gradients/matrix-product.js';
import type {
  LinearAttrs,
  LinearBackpropFilterInputs,
  LinearBackpropInputInputs,
  LinearInputs,
} from '../kernels.js';

export const portableLinear = (
  { x, w, bias }: TensorsOf<LinearInputs>,
  { activation }: LinearAttrs,
): Tensor => {
  const y = add(product(x, w, false, false), bias);
  if (activation === 'relu') return relu(y);
  if (activation === 'leakyRelu') return leakyRelu(y, 0.01);
  return activation === 'sigmoid' ? sigmoid(y) : y;
};

/** dy through the activation, whose derivative is a function of y. */
const throughActivation = (dy: Tensor, y: Tensor, activation: LinearAttrs['activation']): Tensor => {
  if (activation === 'none') return dy;
  if (activation === 'sigmoid') return mul(dy, mul(y, sub(scalar(1), y)));
  const negativeSlope = mul(onesLike(y), scalar(activation === 'relu' ? 0 : 0.01));
  return mul(dy, where(greater(y, scalar(0)), onesLike(y), negativeSlope));
};

export const portableLinearBackpropInput = (
  { w, y, dy }: TensorsOf<LinearBackpropInputInputs>,
  { activation }: LinearAttrs,
): Tensor => product(throughActivation(dy, y, activation), w, false, true);

export const portableLinearBackpropFilter = (
  { x, y, dy }: TensorsOf<LinearBackpropFilterInputs>,
  { activation }: LinearAttrs,
): Tensor[] => {
  const d = throughActivation(dy, y, activation);
  return [product(x, d, true, false), sum(d, 0)];
};
