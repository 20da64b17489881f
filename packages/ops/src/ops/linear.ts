import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { type Primitive, runPrimitive } from '../dispatch.js';
import { hostLinear, hostLinearBackpropFilter, hostLinearBackpropInput } from '../host/linear.js';
import {
  Linear,
  type LinearAttrs,
  LinearBackpropFilter,
  type LinearBackpropFilterInputs,
  LinearBackpropInput,
  type LinearBackpropInputInputs,
  type LinearInputs,
} from '../kernels.js';
import {
  portableLinear,
  portableLinearBackpropFilter,
  portableLinearBackpropInput,
} from '../portable/linear.js';
import { checkShape } from './check-shape.js';

const backpropInput: Primitive<LinearBackpropInputInputs, LinearAttrs> = {
  name: LinearBackpropInput,
  portable: portableLinearBackpropInput,
  host: hostLinearBackpropInput,
};

const backpropFilter: Primitive<LinearBackpropFilterInputs, LinearAttrs> = {
  name: LinearBackpropFilter,
  portable: portableLinearBackpropFilter,
  host: hostLinearBackpropFilter,
};

const dense: Primitive<LinearInputs, LinearAttrs> = {
  name: Linear,
  portable: portableLinear,
  host: hostLinear,
  gradient: {
    saveInputs: ['x', 'w'],
    saveOutputs: [true],
    rule: ([dy], [x, w, y], attrs) => {
      const [dw, dBias] = runPrimitive(backpropFilter, { x, y, dy }, attrs);
      return {
        x: () => runPrimitive(backpropInput, { w, y, dy }, attrs)[0],
        w: () => dw,
        bias: () => dBias,
      };
    },
  },
};

/**
 * A dense layer, y = activation(x . w + bias), fused. Differentiable in x, w and bias.
 *
 * @param x [N, Cin]
 * @param w [Cin, Cout]
 * @param bias [Cout]
 * @param activation leakyRelu has slope 0.01. Default 'none'.
 * @returns [N, Cout]
 */
export const linear = (
  x: Tensor2D,
  w: Tensor2D,
  bias: Tensor1D,
  activation: LinearAttrs['activation'] = 'none',
): Tensor2D => {
  checkShape('linear', 'x', x, [null, null]);
  checkShape('linear', 'w', w, [x.shape[1], null]);
  checkShape('linear', 'bias', bias, [w.shape[1]]);
  return runPrimitive(dense, { x, w, bias }, { activation })[0] as Tensor2D;
};
