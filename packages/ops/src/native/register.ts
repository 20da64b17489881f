import {
  getKernelsForBackend,
  type KernelFunc,
  type NamedTensorInfoMap,
  registerBackend,
  registerKernel,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import * as E from 'fp-ts/lib/Either.js';
import { loadAddon, type NativeAddon } from './addon.js';
import { createArena } from './arena.js';
import { NativeBackend, nativeBackendName } from './backend.js';
import { type NativeOrigin, nativeBinary } from './build.js';
import { installAddon } from './installed.js';
import { batchNormKernels } from './kernels/batch-norm.js';
import { elementwiseKernels } from './kernels/elementwise.js';
import { layoutKernels } from './kernels/layout.js';
import { linearKernels } from './kernels/linear.js';
import { matMulKernels } from './kernels/mat-mul.js';
import { pointEncoderKernels } from './kernels/point-encoder.js';
import { reduceKernels } from './kernels/reduce.js';
import { renderingKernels } from './kernels/rendering.js';
import { rowKernels } from './kernels/rows.js';
import { sparseConvKernels } from './kernels/sparse-conv.js';
import type { NativeKernel, NativeKernels } from './kernels/support.js';
import { trainingKernels } from './kernels/training.js';
import { threadsWanted } from './threads.js';

/** What the native engine runs with. */
export interface NativeEngine {
  /** Threads that take part, the calling one included. */
  readonly threads: number;
  /** Instruction set in use: avx512, avx2, neon or scalar. */
  readonly isa: string;
  readonly how: NativeOrigin;
}

const ownKernels: NativeKernels = {
  ...sparseConvKernels,
  ...linearKernels,
  ...matMulKernels,
  ...batchNormKernels,
  ...pointEncoderKernels,
  ...rowKernels,
  ...renderingKernels,
  ...trainingKernels,
  ...elementwiseKernels,
  ...reduceKernels,
  ...layoutKernels,
};

/** The native kernel, and the inherited one where it declines. */
const kernelFunction =
  (addon: NativeAddon, name: string, kernel: NativeKernel, inherited: KernelFunc | undefined): KernelFunc =>
  (params) => {
    const inputs = params.inputs as NamedTensorInfoMap as Record<string, TensorInfo>;
    const backend = params.backend as NativeBackend;
    const result = backend.whole(() => kernel({ inputs, attrs: params.attrs ?? {}, backend, addon }));
    if (result) return result;
    if (!inherited) throw new Error(`${name}: the native kernel takes float32 tensors only`);
    return inherited(params);
  };

const registerKernels = (addon: NativeAddon): void => {
  const inherited = new Map<string, KernelFunc>();
  for (const config of getKernelsForBackend('cpu')) {
    // The ops of this package may have registered portable kernels for tfjs's own backend: they are not for this one.
    if (ownKernels[config.kernelName]) inherited.set(config.kernelName, config.kernelFunc);
    else registerKernel({ ...config, backendName: nativeBackendName });
  }
  for (const [kernelName, kernel] of Object.entries(ownKernels)) {
    const kernelFunc = kernelFunction(addon, kernelName, kernel, inherited.get(kernelName));
    registerKernel({ kernelName, backendName: nativeBackendName, kernelFunc });
  }
};

const register = async (): Promise<E.Either<string, NativeEngine>> => {
  if (process.env.NERFSEG_NATIVE === '0') return E.left('disabled by NERFSEG_NATIVE=0');
  const binary = await nativeBinary();
  if (E.isLeft(binary)) return binary;
  try {
    const addon = loadAddon(binary.right.file);
    const isa = addon.isa(process.env.NERFSEG_ISA ?? '');
    const threads = addon.threads(threadsWanted());
    registerKernels(addon);
    registerBackend(nativeBackendName, () => new NativeBackend(addon, createArena(addon)), 3);
    installAddon(addon);
    return E.right({ threads, isa, how: binary.right.how });
  } catch (error) {
    return E.left(
      `the native kernels could not be loaded: ${error instanceof Error ? error.message : error}`,
    );
  }
};

let attempt: Promise<E.Either<string, NativeEngine>> | undefined;

/**
 * Registers the backend `nerfseg-cpu` with TensorFlow.js, compiling its C++ kernels first where that is needed; select
 * it with `tf.setBackend('nerfseg-cpu')`. Left: one line that says why it cannot be used here. Environment:
 * NERFSEG_NATIVE=0 turns it off, NERFSEG_THREADS and NERFSEG_ISA (avx512, avx2, neon, scalar) override what is chosen.
 */
export const registerNativeBackend = (): Promise<E.Either<string, NativeEngine>> => (attempt ??= register());
