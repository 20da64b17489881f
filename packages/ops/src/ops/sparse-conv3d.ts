import { add, type Tensor1D, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import { type Primitive, runPrimitive } from '../dispatch.js';
import { hostSparseConv3d, hostSparseConv3dBackpropFilter } from '../host/sparse-conv3d.js';
import {
  type KernelMap,
  SparseConv3d,
  type SparseConv3dAttrs,
  SparseConv3dBackpropFilter,
  type SparseConv3dBackpropFilterAttrs,
  type SparseConv3dBackpropFilterInputs,
  type SparseConv3dInputs,
} from '../kernels.js';
import { portableSparseConv3d, portableSparseConv3dBackpropFilter } from '../portable/sparse-conv3d.js';
import { currentPrecision } from '../precision.js';
import { checkShape } from './check-shape.js';

const backpropFilter: Primitive<SparseConv3dBackpropFilterInputs, SparseConv3dBackpropFilterAttrs> = {
  name: SparseConv3dBackpropFilter,
  portable: portableSparseConv3dBackpropFilter,
  host: hostSparseConv3dBackpropFilter,
};

const convolution: Primitive<SparseConv3dInputs, SparseConv3dAttrs> = {
  name: SparseConv3d,
  portable: portableSparseConv3d,
  host: hostSparseConv3d,
  gradient: {
    saveInputs: ['x', 'w'],
    rule: ([dy], [x, w], { map, inverse, transposeW }) => ({
      x: () =>
        runPrimitive(convolution, { x: dy, w }, { map, inverse: !inverse, transposeW: !transposeW })[0],
      w: () =>
        transposeW
          ? runPrimitive(backpropFilter, { x: dy, dy: x }, { map, inverse: !inverse })[0]
          : runPrimitive(backpropFilter, { x, dy }, { map, inverse })[0],
    }),
  },
};

const convolve = (op: string, x: Tensor2D, w: Tensor3D, map: KernelMap, inverse: boolean): Tensor2D => {
  checkShape(op, 'x', x, [inverse ? map.outRows : map.inRows, null]);
  checkShape(op, 'w', w, [map.taps, x.shape[1], null]);
  const attrs = { map, inverse, transposeW: false, precision: currentPrecision() };
  return runPrimitive(convolution, { x, w }, attrs)[0] as Tensor2D;
};

/**
 * Sparse 3D convolution: y[o] = sum over taps t of x[map.inputOf[o, t]] . w[t], plus the bias. Submanifold and strided
 * convolutions differ only in their kernel map. Differentiable in x, w and bias. `withPrecision` sets how exact the forward pass is.
 *
 * @param x [map.inRows, Cin]
 * @param w [map.taps, Cin, Cout], taps rho major, z minor
 * @param bias [Cout]
 * @returns [map.outRows, Cout]
 */
export const sparseConv3d = (x: Tensor2D, w: Tensor3D, map: KernelMap, bias?: Tensor1D): Tensor2D => {
  const y = convolve('sparseConv3d', x, w, map, false);
  if (!bias) return y;
  checkShape('sparseConv3d', 'bias', bias, [w.shape[2]]);
  return add(y, bias);
};

/**
 * Inverse sparse 3D convolution: the map of an earlier strided convolution read backwards, so that the result has that
 * convolution's input voxels: y[i] = sum over taps t of x[map.outputOf[i, t]] . w[t]. Differentiable in x and w.
 *
 * @param x [map.outRows, Cin]
 * @param w [map.taps, Cin, Cout]
 * @returns [map.inRows, Cout]
 */
export const sparseInverseConv3d = (x: Tensor2D, w: Tensor3D, map: KernelMap): Tensor2D =>
  convolve('sparseInverseConv3d', x, w, map, true);
