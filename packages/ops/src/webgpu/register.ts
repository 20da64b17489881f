import {
  findBackend,
  findBackendFactory,
  getKernel,
  type KernelFunc,
  registerBackend,
  registerKernel,
  removeBackend,
  Sum,
  type SumAttrs,
  type TensorInfo,
  unregisterKernel,
  util,
} from '@tensorflow/tfjs-core';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { WebGpuAdapter } from './adapter-types.js';
import { NerfsegWebGpuBackend, webGpuBackendName } from './backend.js';
import { batchNormKernels } from './kernels/batch-norm.js';
import { zeros } from './kernels/fill.js';
import { linearKernels } from './kernels/linear.js';
import { renderingKernels } from './kernels/rendering.js';
import { rowKernels } from './kernels/rows.js';
import { sparseConvKernels } from './kernels/sparse-conv.js';
import { squareSumKernels } from './kernels/square-sums.js';
import { type GpuKernel, sizeOf } from './kernels/support.js';
import { trainingKernels } from './kernels/training.js';
import { weightedSumKernels } from './kernels/weighted-sums.js';
import { type OpenedDevice, openDevice } from './open-device.js';

const kernels: Readonly<Record<string, GpuKernel>> = {
  ...sparseConvKernels,
  ...linearKernels,
  ...batchNormKernels,
  ...rowKernels,
  ...renderingKernels,
  ...trainingKernels,
  ...weightedSumKernels,
  ...squareSumKernels,
};

const kernelFunction =
  (kernel: GpuKernel): KernelFunc =>
  ({ inputs, attrs, backend }) =>
    kernel({
      inputs: inputs as Record<string, TensorInfo>,
      attrs: attrs ?? {},
      gpu: backend as NerfsegWebGpuBackend,
    });

/** The kernels, once: the registry of tfjs outlives its backends. */
let registered = false;

/** Makes the backend `webgpu` one on this device; tfjs has not been switched to it yet. */
export const registerDevice = ({ device, info }: Pick<OpenedDevice, 'device' | 'info'>): void => {
  if (findBackendFactory(webGpuBackendName)) removeBackend(webGpuBackendName); // tfjs's own, registered by its module, would open a device without our limits
  registerBackend(webGpuBackendName, () => new NerfsegWebGpuBackend(device, info), 3);
  if (registered) return;
  registered = true;
  mendEmptySums();
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    registerKernel({ kernelName, backendName: webGpuBackendName, kernelFunc: kernelFunction(kernel) });
  }
};

/** tfjs's own sum fails on tensors without values. */
const mendEmptySums = (): void => {
  const sum = getKernel(Sum, webGpuBackendName);
  unregisterKernel(Sum, webGpuBackendName);
  registerKernel({
    ...sum,
    kernelFunc: (call) => {
      const { x } = call.inputs as { x: TensorInfo };
      if (sizeOf(x.shape) > 0) return sum.kernelFunc(call);
      const { axis, keepDims } = call.attrs as unknown as SumAttrs;
      const reduced = util.parseAxisParam(axis, x.shape);
      const kept = x.shape.flatMap((size, n) => (reduced.includes(n) ? (keepDims ? [1] : []) : [size]));
      return zeros(call.backend as NerfsegWebGpuBackend, kept);
    },
  });
};

let open: OpenedDevice | undefined;

const register = async (): Promise<Either<string, WebGpuAdapter>> => {
  if (open && findBackend(webGpuBackendName) instanceof NerfsegWebGpuBackend) return right(open.adapter);
  const opened = await openDevice();
  if (typeof opened === 'string') return left(opened);
  open = opened;
  registerDevice(opened);
  return right(opened.adapter);
};

let attempt: Promise<Either<string, WebGpuAdapter>> | undefined;

/**
 * Opens a device, once, and registers the backend `webgpu` on it with this package's kernels; who asks meanwhile gets the same. Left:
 * why there is none.
 */
export const registerWebGpuBackend = (): Promise<Either<string, WebGpuAdapter>> =>
  (attempt ??= register().finally(() => {
    attempt = undefined;
  }));
