import { backend_util, slice_util, type Tensor, util } from '@tensorflow/tfjs-core';
import { areFloats, floats, type NativeKernel, type NativeKernels, output, sizeOf } from './support.js';

const concat: NativeKernel = (call) => {
  const all = Object.values(call.inputs);
  if (all.length === 0 || !areFloats(...all)) return undefined;
  const [axis] = util.parseAxisParam(call.attrs.axis as number, all[0].shape);
  const parts = all.filter((part) => sizeOf(part.shape) > 0);
  if (parts.length < 2) return undefined;
  const first = parts[0].shape;
  if (parts.some(({ shape }) => shape.some((n, i) => i !== axis && n !== first[i]))) return undefined;
  const shape = [...first];
  shape[axis] = parts.reduce((sum, part) => sum + part.shape[axis], 0);
  const y = output(call, shape);
  const count = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  let offset = 0;
  for (const part of parts) {
    const width = part.shape[axis] * inner;
    call.addon.copyRuns(count, width, 0, width, offset, shape[axis] * inner, floats(call, part), y.values);
    offset += width;
  }
  return y.info;
};

/** Slices that leave all but one axis whole are runs at a fixed stride. */
const slice: NativeKernel = (call) => {
  const { x } = call.inputs;
  if (!areFloats(x)) return undefined;
  const { begin, size } = call.attrs as { begin: number[]; size: number[] };
  const [start, shape] = slice_util.parseSliceParams(x, begin, size);
  slice_util.assertParamsValid(x, start, shape);
  const cut = shape.flatMap((n, axis) => (n === x.shape[axis] ? [] : [axis]));
  if (cut.length > 1) return undefined;
  const y = output(call, shape);
  const axis = cut[0] ?? 0;
  const count = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  const width = (shape[axis] ?? 1) * inner;
  call.addon.copyRuns(
    count,
    width,
    (start[axis] ?? 0) * inner,
    (x.shape[axis] ?? 1) * inner,
    0,
    width,
    floats(call, x),
    y.values,
  );
  return y.info;
};

/** The gradient of a slice: the value that pads, and runs at a fixed stride into it. */
const pad: NativeKernel = (call) => {
  const { x } = call.inputs;
  if (!areFloats(x)) return undefined;
  const { paddings, constantValue } = call.attrs as unknown as {
    paddings: [before: number, after: number][];
    constantValue: number;
  };
  const padded = paddings.flatMap(([before, after], axis) => (before + after === 0 ? [] : [axis]));
  if (padded.length > 1) return undefined;
  const axis = padded[0] ?? 0;
  const shape = x.shape.map((n, a) => n + paddings[a][0] + paddings[a][1]);
  const y = output(call, shape);
  y.values.fill(constantValue);
  const inner = sizeOf(x.shape.slice(axis + 1));
  const width = (x.shape[axis] ?? 1) * inner;
  const count = sizeOf(x.shape.slice(0, axis));
  const offset = (paddings[axis]?.[0] ?? 0) * inner;
  call.addon.copyRuns(count, width, 0, width, offset, (shape[axis] ?? 1) * inner, floats(call, x), y.values);
  return y.info;
};

/** The gradient of a concatenation. */
const split: NativeKernel = (call) => {
  const { x } = call.inputs;
  if (!areFloats(x)) return undefined;
  const { numOrSizeSplits, axis: along } = call.attrs as { numOrSizeSplits: number | number[]; axis: number };
  const [axis] = util.parseAxisParam(along, x.shape);
  const sizes = backend_util.prepareSplitSize(x as Tensor, numOrSizeSplits, axis);
  const count = sizeOf(x.shape.slice(0, axis));
  const inner = sizeOf(x.shape.slice(axis + 1));
  let offset = 0;
  return sizes.map((size) => {
    const y = output(call, x.shape.with(axis, size));
    const width = size * inner;
    call.addon.copyRuns(count, width, offset, x.shape[axis] * inner, 0, width, floats(call, x), y.values);
    offset += width;
    return y.info;
  });
};

const gather: NativeKernel = (call) => {
  const { x, indices } = call.inputs;
  const [axis] = util.parseAxisParam(call.attrs.axis as number, x.shape);
  const rows = call.backend.data.get(indices.dataId).values;
  if (!areFloats(x) || axis !== 0 || call.attrs.batchDims !== 0 || !(rows instanceof Int32Array))
    return undefined;
  // -1 is not an index here, though the native kernel would take it.
  if (rows.some((row) => row < 0 || row >= x.shape[0])) return undefined;
  const rest = x.shape.slice(1);
  const y = output(call, [...indices.shape, ...rest]);
  call.addon.gatherRows(x.shape[0], sizeOf(rest), rows.length, 1, rows, null, floats(call, x), y.values);
  return y.info;
};

const transpose: NativeKernel = (call) => {
  const { x } = call.inputs;
  const perm = call.attrs.perm as number[];
  if (!areFloats(x) || x.shape.length !== 2 || perm[0] !== 1) return undefined;
  const y = output(call, [x.shape[1], x.shape[0]]);
  call.addon.transpose(x.shape[0], x.shape[1], floats(call, x), y.values);
  return y.info;
};

const cast: NativeKernel = (call) => {
  const { x } = call.inputs;
  const { values } = call.backend.data.get(x.dataId);
  if (call.attrs.dtype !== 'float32' || !(values instanceof Uint8Array || values instanceof Int32Array)) {
    return undefined;
  }
  const y = output(call, x.shape);
  y.values.set(values);
  return y.info;
};

const filled =
  (value: number): NativeKernel =>
  (call) => {
    const { x } = call.inputs;
    if (!areFloats(x)) return undefined;
    const y = output(call, x.shape);
    y.values.fill(value);
    return y.info;
  };

const fill: NativeKernel = (call) => {
  const { shape, value, dtype } = call.attrs as unknown as {
    shape: number[];
    value: unknown;
    dtype?: string;
  };
  if (typeof value !== 'number' || (dtype !== undefined && dtype !== 'float32')) return undefined;
  const y = output(call, shape);
  y.values.fill(value);
  return y.info;
};

/** Kernels of tfjs that move float32 values about. */
export const layoutKernels: NativeKernels = {
  Concat: concat,
  Slice: slice,
  PadV2: pad,
  SplitV: split,
  GatherV2: gather,
  Transpose: transpose,
  Cast: cast,
  ZerosLike: filled(0),
  OnesLike: filled(1),
  Fill: fill,
};
