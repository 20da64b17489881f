import type { TensorInfo } from '@tensorflow/tfjs-core';
import { broadcastOf } from './broadcast.js';
import {
  areFloats,
  floats,
  type KernelCall,
  type NativeKernel,
  type NativeKernels,
  output,
  sizeOf,
} from './support.js';

/** In the order of `enum Unary` in native/src/kernels/elementwise.hpp; two parameters where the operation has them. */
const unary =
  (op: number, parameters: (call: KernelCall) => readonly [number, number] = () => [0, 0]): NativeKernel =>
  (call) => {
    const { x } = call.inputs;
    if (!areFloats(x)) return undefined;
    const y = output(call, x.shape);
    call.addon.unary(op, y.values.length, ...parameters(call), floats(call, x), y.values);
    return y.info;
  };

const binary =
  (op: number): NativeKernel =>
  (call) => {
    const { a, b } = call.inputs;
    if (!areFloats(a, b)) return undefined;
    const plan = broadcastOf(a.shape, b.shape);
    if (!plan) return undefined;
    const y = output(call, plan.shape);
    call.addon.binary(
      op,
      plan.outer,
      plan.inner,
      ...plan.a,
      floats(call, a),
      ...plan.b,
      floats(call, b),
      y.values,
    );
    return y.info;
  };

const sameShape = (a: TensorInfo, b: TensorInfo): boolean =>
  a.shape.length === b.shape.length && a.shape.every((n, i) => n === b.shape[i]);

const compare =
  (op: number): NativeKernel =>
  (call) => {
    const { a, b } = call.inputs;
    const scalar = sizeOf(b.shape) === 1 && b.shape.length <= a.shape.length;
    if (!areFloats(a, b) || !(scalar || sameShape(a, b))) return undefined;
    const y = new Uint8Array(sizeOf(a.shape));
    call.addon.compare(op, y.length, scalar ? 1 : 0, floats(call, a), floats(call, b), y);
    return call.backend.makeTensorInfo(a.shape, 'bool', y);
  };

const select: NativeKernel = (call) => {
  const { condition, t, e } = call.inputs;
  if (!areFloats(t, e) || !sameShape(t, e) || !sameShape(condition, t)) return undefined;
  const flags = call.backend.data.get(condition.dataId).values;
  if (!(flags instanceof Uint8Array)) return undefined;
  const y = output(call, t.shape);
  call.addon.select(y.values.length, flags, floats(call, t), floats(call, e), y.values);
  return y.info;
};

const addAll: NativeKernel = (call) => {
  // AddN's inputs come as an array.
  const terms = Object.values(call.inputs);
  if (terms.length > 16 || !areFloats(...terms) || !terms.every((term) => sameShape(term, terms[0])))
    return undefined;
  const y = output(call, terms[0].shape);
  call.addon.addAll(terms.length, y.values.length, y.values, ...terms.map((term) => floats(call, term)));
  return y.info;
};

/** Elementwise kernels of tfjs for float32; other types and unusual broadcasts stay with the inherited kernels. */
export const elementwiseKernels: NativeKernels = {
  Neg: unary(0),
  Abs: unary(1),
  Relu: unary(2),
  Relu6: unary(3),
  LeakyRelu: unary(4, (call) => [Number(call.attrs.alpha), 0]),
  Sigmoid: unary(5),
  Exp: unary(6),
  Log: unary(7),
  Sqrt: unary(8),
  Rsqrt: unary(9),
  Square: unary(10),
  Reciprocal: unary(11),
  Softplus: unary(12),
  ClipByValue: unary(13, (call) => [Number(call.attrs.clipValueMin), Number(call.attrs.clipValueMax)]),
  Add: binary(0),
  Sub: binary(1),
  Multiply: binary(2),
  RealDiv: binary(3),
  Maximum: binary(4),
  Minimum: binary(5),
  SquaredDifference: binary(6),
  Greater: compare(0),
  GreaterEqual: compare(1),
  Less: compare(2),
  LessEqual: compare(3),
  Equal: compare(4),
  NotEqual: compare(5),
  Select: select,
  AddN: addAll,
};
