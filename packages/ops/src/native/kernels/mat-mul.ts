import type { TensorInfo } from '@tensorflow/tfjs-core';
import { activationCodes } from './linear.js';
import {
  areFloats,
  floats,
  type KernelCall,
  type NativeKernel,
  type NativeKernels,
  output,
  sizeOf,
} from './support.js';

interface Flags {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** One product of matrices that start at the given offsets. */
const multiply = (
  call: KernelCall,
  { transposeA, transposeB }: Flags,
  dims: { rows: number; depth: number; columns: number },
  a: Float32Array,
  b: Float32Array,
  bias: Float32Array | null,
  activation: number,
  y: Float32Array,
): void => {
  const { rows, depth, columns } = dims;
  if (!transposeA) {
    call.addon.linear(rows, depth, columns, transposeB ? 1 : 0, activation, a, b, bias, y);
  } else if (!transposeB && !bias && activation === 0) {
    call.addon.matmulTransposed(depth, rows, columns, a, b, y);
  } else {
    const straight = output(call, [rows, depth]);
    call.addon.transpose(depth, rows, a, straight.values);
    call.addon.linear(rows, depth, columns, transposeB ? 1 : 0, activation, straight.values, b, bias, y);
    call.backend.disposeData(straight.info.dataId);
  }
};

/** A bias may be of rows, too, or of every value: it is broadcast. */
const isPerColumn = ({ shape }: TensorInfo, columns: number): boolean =>
  sizeOf(shape) === columns && (shape.at(-1) ?? 1) === columns;

const batched = (
  call: KernelCall,
  a: TensorInfo,
  b: TensorInfo,
  bias: TensorInfo | undefined,
  activation: number,
): TensorInfo | undefined => {
  const flags = call.attrs as unknown as Flags;
  const rank = a.shape.length;
  if (!areFloats(a, b, bias) || rank < 2 || b.shape.length !== rank) return undefined;
  const batch = a.shape.slice(0, -2);
  if (batch.some((n, i) => n !== b.shape[i])) return undefined;
  const [rows, depth] = flags.transposeA ? [a.shape[rank - 1], a.shape[rank - 2]] : a.shape.slice(-2);
  const columns = flags.transposeB ? b.shape[rank - 2] : b.shape[rank - 1];
  const bDepth = flags.transposeB ? b.shape[rank - 1] : b.shape[rank - 2];
  if (depth !== bDepth || (bias && !isPerColumn(bias, columns))) return undefined;
  const y = output(call, [...batch, rows, columns]);
  const start = bias ? floats(call, bias) : null;
  for (let i = 0, count = sizeOf(batch); i < count; i++) {
    const part = (values: Float32Array, size: number): Float32Array =>
      count === 1 ? values : values.subarray(i * size, (i + 1) * size);
    multiply(
      call,
      flags,
      { rows, depth, columns },
      part(floats(call, a), rows * depth),
      part(floats(call, b), depth * columns),
      start,
      activation,
      part(y.values, rows * columns),
    );
  }
  return y.info;
};

const fused: NativeKernel = (call) => {
  const { a, b, bias, preluActivationWeights } = call.inputs;
  const activation = {
    linear: activationCodes.none,
    relu: activationCodes.relu,
    sigmoid: activationCodes.sigmoid,
  }[String(call.attrs.activation ?? 'linear')];
  if (activation === undefined || preluActivationWeights) return undefined;
  return batched(call, a, b, bias, activation);
};

/** Matrix products of tfjs for float32. */
export const matMulKernels: NativeKernels = {
  BatchMatMul: (call) => batched(call, call.inputs.a, call.inputs.b, undefined, 0),
  _FusedMatMul: fused,
};
