import { type DataId, getKernel, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import { matMulInto } from './mat-mul-into.js';

/** Backends whose tensors are typed arrays in this process's memory. */
export type HostBackendName = 'cpu' | 'wasm';

export const isHostBackend = (name: string): name is HostBackendName => name === 'cpu' || name === 'wasm';

/** Float tensors as typed arrays, the same for every host backend. */
export interface HostMemory {
  /** A new tensor, its contents undefined. */
  make(shape: readonly number[]): TensorInfo;
  /** The tensor's values. The view is stale after the next `make` or `matMul`: wasm memory may have moved. */
  view(tensor: TensorInfo): Float32Array;
  /** A new tensor a . b of two matrices, by the backend's fastest routine. */
  matMul(a: TensorInfo, b: TensorInfo): TensorInfo;
  dispose(tensor: TensorInfo): void;
}

/** A kernel in plain loops. Its inputs are float tensors. */
export type HostKernel<Inputs, Attrs> = (
  memory: HostMemory,
  inputs: Inputs,
  attrs: Attrs,
) => TensorInfo | TensorInfo[];

/** Wraps a host kernel for tfjs's registry. */
export const hostKernelFunc = <Inputs, Attrs>(
  backendName: HostBackendName,
  kernel: HostKernel<Inputs, Attrs>,
): KernelFunc => {
  const open = backendName === 'cpu' ? cpuMemory : wasmMemory;
  return ({ inputs, attrs, backend }) =>
    kernel(open(backend), inputs as unknown as Inputs, attrs as unknown as Attrs);
};

/** What is used of tfjs's MathBackendCPU. */
interface CpuBackend {
  readonly data: { get(dataId: DataId): { values: Float32Array } };
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): TensorInfo;
  disposeIntermediateTensorInfo(tensor: TensorInfo): void;
}

const cpuMemory = (backend: object): HostMemory => {
  const cpu = backend as CpuBackend;
  const make = (shape: readonly number[]): TensorInfo =>
    cpu.makeTensorInfo([...shape], 'float32', new Float32Array(sizeOf(shape)));
  const view = (tensor: TensorInfo): Float32Array => cpu.data.get(tensor.dataId).values;
  return {
    make,
    view,
    matMul: (a, b) => {
      const product = make([a.shape[0], b.shape[1]]);
      matMulInto(view(product), view(a), view(b), a.shape[0], a.shape[1], b.shape[1]);
      return product;
    },
    dispose: (tensor) => cpu.disposeIntermediateTensorInfo(tensor),
  };
};

/** What is used of tfjs's BackendWasm. */
interface WasmBackend {
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
  disposeData(dataId: DataId): boolean;
}

const wasmMemory = (backend: object): HostMemory => {
  const wasm = backend as WasmBackend;
  // XNNPACK behind the registered kernel, without the engine's bookkeeping around it: a call costs 3 us.
  const batchMatMul = getKernel('BatchMatMul', 'wasm').kernelFunc;
  return {
    make: (shape) => wasm.makeOutput([...shape], 'float32'),
    view: (tensor) => wasm.typedArrayFromHeap(tensor),
    matMul: (a, b) => {
      // XNNPACK refuses empty operands on the console and leaves the product as it finds it.
      if (sizeOf(a.shape) === 0 || sizeOf(b.shape) === 0) {
        const zeros = wasm.makeOutput([a.shape[0], b.shape[1]], 'float32');
        wasm.typedArrayFromHeap(zeros).fill(0);
        return zeros;
      }
      return batchMatMul({
        inputs: { a, b },
        backend,
        attrs: { transposeA: false, transposeB: false },
      }) as TensorInfo;
    },
    dispose: (tensor) => {
      wasm.disposeData(tensor.dataId);
    },
  };
};

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** The view of every tensor, taken together; first moves tensors of another backend here, which may move memory. */
export const viewsOf = (memory: HostMemory, tensors: readonly TensorInfo[]): Float32Array[] => {
  for (const tensor of tensors) memory.view(tensor);
  return tensors.map((tensor) => memory.view(tensor));
};
