import type { SparseConv3dAttrs, SparseConv3dBackpropFilterAttrs } from '../../kernels.js';
import { SparseConv3d, SparseConv3dBackpropFilter } from '../../kernels.js';
import { pairsOf } from '../pairs.js';
import { attributes, floats, matrix, type NativeKernels, output } from './support.js';

/** Sparse convolution in both directions, and the gradient of its weights. */
export const sparseConvKernels: NativeKernels = {
  [SparseConv3d]: (call) => {
    const { x, w, bias } = call.inputs;
    const { map, inverse, transposeW } = attributes<SparseConv3dAttrs>(call);
    const pairs = pairsOf(call.addon, map, inverse);
    const depth = x.shape[1];
    const columns = transposeW ? w.shape[1] : w.shape[2];
    const y = output(call, [pairs[1], columns]);
    call.addon.sparseConv(
      ...pairs,
      depth,
      columns,
      transposeW ? 1 : 0,
      floats(call, x),
      floats(call, w),
      bias ? floats(call, bias) : null,
      y.values,
    );
    return y.info;
  },

  [SparseConv3dBackpropFilter]: (call) => {
    const { x, dy } = call.inputs;
    const { map, inverse } = attributes<SparseConv3dBackpropFilterAttrs>(call);
    const pairs = pairsOf(call.addon, map, inverse);
    const depth = matrix(x)[1];
    const columns = matrix(dy)[1];
    const dw = output(call, [map.taps, depth, columns]);
    call.addon.sparseConvWeightGradient(
      ...pairs,
      depth,
      columns,
      floats(call, x),
      floats(call, dy),
      dw.values,
    );
    return dw.info;
  },
};
