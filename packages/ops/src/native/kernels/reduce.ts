import { util } from '@tensorflow/tfjs-core';
import { areFloats, floats, type NativeKernel, type NativeKernels, output, sizeOf } from './support.js';

/** Max names its axes otherwise than Sum, Mean and Min do. */
interface ReduceAttrs {
  /** None: all axes. */
  readonly axis?: number | number[];
  readonly reductionIndices?: number | number[];
  readonly keepDims: boolean;
}

/** A reduction over leading or trailing axes, in the order of `enum Reduction`; means divide by the count. */
const reduce =
  (op: number, mean = false): NativeKernel =>
  (call) => {
    const { x } = call.inputs;
    const { axis, reductionIndices, keepDims } = call.attrs as unknown as ReduceAttrs;
    const rank = x.shape.length;
    const axes = util.parseAxisParam((axis ?? reductionIndices)!, x.shape).sort((p, q) => p - q);
    const trailing = axes.every((a, i) => a === rank - axes.length + i);
    const leading = axes.every((a, i) => a === i);
    const size = sizeOf(x.shape);
    if (!areFloats(x) || size === 0 || !(trailing || leading)) return undefined;
    const reduced = sizeOf(axes.map((a) => x.shape[a]));
    const shape = x.shape.flatMap((n, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [n]));
    const y = output(call, shape);
    const [outer, inner] = trailing ? [size / reduced, reduced] : [reduced, size / reduced];
    call.addon.reduce(op, outer, inner, trailing ? 0 : 1, mean ? 1 / reduced : 1, floats(call, x), y.values);
    return y.info;
  };

const softmax =
  (logarithm: boolean): NativeKernel =>
  (call) => {
    const { logits } = call.inputs;
    const { dim, axis } = call.attrs as { dim?: number; axis?: number };
    const rank = logits.shape.length;
    const along = dim ?? axis ?? -1;
    const columns = logits.shape[rank - 1] ?? 0;
    if (!areFloats(logits) || columns === 0 || !(along === -1 || along === rank - 1)) return undefined;
    const y = output(call, logits.shape);
    call.addon.softmax(
      sizeOf(logits.shape) / columns,
      columns,
      logarithm ? 1 : 0,
      floats(call, logits),
      y.values,
    );
    return y.info;
  };

const argMax: NativeKernel = (call) => {
  const { x } = call.inputs;
  const rank = x.shape.length;
  const [axis] = util.parseAxisParam(call.attrs.axis as number, x.shape);
  const columns = x.shape[rank - 1] ?? 0;
  if (!areFloats(x) || axis !== rank - 1 || columns === 0) return undefined;
  const y = new Int32Array(sizeOf(x.shape) / columns);
  call.addon.argMax(y.length, columns, floats(call, x), y);
  return call.backend.makeTensorInfo(x.shape.slice(0, -1), 'int32', y);
};

/** Reductions of tfjs for float32. */
export const reduceKernels: NativeKernels = {
  Sum: reduce(0),
  Mean: reduce(0, true),
  Max: reduce(1),
  Min: reduce(2),
  Softmax: softmax(false),
  LogSoftmax: softmax(true),
  ArgMax: argMax,
};
