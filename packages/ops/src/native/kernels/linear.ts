import type { LinearAttrs } from '../../kernels.js';
import { Linear, LinearBackpropFilter, LinearBackpropInput } from '../../kernels.js';
import { attributes, floats, type KernelCall, matrix, type NativeKernels, output } from './support.js';

/** As in native/src/kernels/linear.hpp. */
export const activationCodes = { none: 0, relu: 1, leakyRelu: 2, sigmoid: 3 } as const;

const activationOf = (call: KernelCall): number => activationCodes[attributes<LinearAttrs>(call).activation];

/** Dense layers with bias and activation, and their gradients. */
export const linearKernels: NativeKernels = {
  [Linear]: (call) => {
    const { x, w, bias } = call.inputs;
    const [rows, depth] = matrix(x);
    const columns = matrix(w)[1];
    const y = output(call, [rows, columns]);
    const start = bias ? floats(call, bias) : null;
    call.addon.linear(
      rows,
      depth,
      columns,
      0,
      activationOf(call),
      floats(call, x),
      floats(call, w),
      start,
      y.values,
    );
    return y.info;
  },

  [LinearBackpropInput]: (call) => {
    const { w, y, dy } = call.inputs;
    const [rows, columns] = matrix(dy);
    const depth = matrix(w)[0];
    const activation = activationOf(call);
    const dx = output(call, [rows, depth]);
    let dz = floats(call, dy);
    const own = activation === 0 ? undefined : output(call, [rows, columns]);
    if (own) {
      call.addon.linearGradient(rows, columns, activation, floats(call, y), dz, own.values, null);
      dz = own.values;
    }
    call.addon.linear(rows, columns, depth, 1, 0, dz, floats(call, w), null, dx.values);
    if (own) call.backend.disposeData(own.info.dataId);
    return dx.info;
  },

  [LinearBackpropFilter]: (call) => {
    const { x, y, dy } = call.inputs;
    const [rows, depth] = matrix(x);
    const columns = matrix(dy)[1];
    const activation = activationOf(call);
    const dw = output(call, [depth, columns]);
    const dbias = output(call, [columns]);
    const own = activation === 0 ? undefined : output(call, [rows, columns]);
    const gradient = floats(call, dy);
    call.addon.linearGradient(
      rows,
      columns,
      activation,
      floats(call, y),
      gradient,
      own ? own.values : null,
      dbias.values,
    );
    call.addon.matmulTransposed(
      rows,
      depth,
      columns,
      floats(call, x),
      own ? own.values : gradient,
      dw.values,
    );
    if (own) call.backend.disposeData(own.info.dataId);
    return [dw.info, dbias.info];
  },
};
