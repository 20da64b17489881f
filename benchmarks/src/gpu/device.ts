/// <reference types="@webgpu/types" />
import type { KernelBackend } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Of tfjs's WebGPU backend, what measuring needs. */
interface Backend extends KernelBackend {
  readonly device: GPUDevice;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/** The device that the engine computes on. */
export interface Gpu {
  readonly device: GPUDevice;
  /** Hands over what is recorded, and waits until the device has done all of it. */
  finish(): Promise<void>;
}

/** The current backend's device; the backend has to be `webgpu`. */
export const currentGpu = (): Gpu => {
  const backend = tf.backend() as Backend;
  return {
    device: backend.device,
    finish: async () => {
      backend.ensureCommandEncoderReady();
      backend.endComputePassEncoder();
      backend.submitQueue();
      await backend.device.queue.onSubmittedWorkDone();
    },
  };
};
