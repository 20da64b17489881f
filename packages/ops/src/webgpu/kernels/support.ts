import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { NerfsegWebGpuBackend } from '../backend.js';

/** What a kernel gets to work with. */
export interface GpuCall {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: NamedAttrMap;
  readonly gpu: NerfsegWebGpuBackend;
}

export type GpuKernel = (call: GpuCall) => TensorInfo | TensorInfo[];

/** Attributes of an op of this package carry host data by reference; tfjs's attribute type has no room for it. */
export const attributes = <T>(call: GpuCall): T => call.attrs as unknown as T;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);
