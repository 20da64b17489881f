import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { NativeAddon } from '../addon.js';
import type { NativeBackend } from '../backend.js';

/** What a native kernel gets to work with. */
export interface KernelCall {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: NamedAttrMap;
  readonly backend: NativeBackend;
  readonly addon: NativeAddon;
}

/** A kernel; undefined: not for these types or shapes, the inherited kernel takes over. */
export type NativeKernel = (call: KernelCall) => TensorInfo | TensorInfo[] | undefined;

/** Kernels by the name under which they are registered. */
export type NativeKernels = Readonly<Record<string, NativeKernel>>;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** Whether every one is a float32 tensor. */
export const areFloats = (...infos: (TensorInfo | undefined)[]): boolean =>
  infos.every((info) => info === undefined || info.dtype === 'float32');

/** Attributes of an op of this package carry host data by reference; tfjs's attribute type has no room for it. */
export const attributes = <T>(call: KernelCall): T => call.attrs as unknown as T;

/** Rows and columns of a rank-2 tensor. */
export const matrix = (info: TensorInfo): [rows: number, columns: number] => [info.shape[0], info.shape[1]];

/** A new float32 tensor. */
export const output = (
  { backend }: KernelCall,
  shape: number[],
): { info: TensorInfo; values: Float32Array } => backend.allocate(shape, sizeOf(shape));

/** The values of a float32 input. */
export const floats = ({ backend }: KernelCall, info: TensorInfo): Float32Array => backend.floats(info);

/** The inputs of an op over many tensors, in their order. They must be float32. */
export const listed = (call: KernelCall): TensorInfo[] => {
  const inputs = Object.values(call.inputs);
  if (!areFloats(...inputs)) throw new Error('expected float32 tensors only');
  return inputs;
};
