/// <reference types="@webgpu/types" />
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { matrixFeature } from './describe-adapter.js';
import { DeviceError } from './device-error.js';
import { matricesOf, type SubgroupMatrices } from './matrix-product.js';

/** tfjs's name of the backend. */
export const webGpuBackendName = 'webgpu';

/** What tfjs's backend (4.22.0, pinned) keeps private and a program of our own needs to join its command queue. */
interface Internals {
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  readonly commandQueueOwnedIds: WeakSet<object>;
  readonly stagingPendingDisposal: GPUBuffer[];
  makeUniforms(values: { type: string; data: number[] }[]): GPUBindingResource;
}

/** Of tfjs's pool of buffers, what trimming it needs. */
interface FreeBuffers {
  readonly freeBuffers: Map<string, GPUBuffer[]>;
  readonly numBytesUsed: number;
  numBytesAllocated: number;
  numFreeBuffers: number;
}

/** A buffer on the device that is no tensor. */
export interface Resident {
  readonly buffer: GPUBuffer;
  /** Bytes from the start of the buffer; default 0. A multiple of 256. */
  readonly offset?: number;
  /** Bytes in use. */
  readonly size: number;
}

/** Dispatches recorded before they are handed to the device, as tfjs's own backend does it. */
const dispatchesPerSubmit = 15;

/**
 * tfjs's WebGPU backend on a device that this package opened. It refuses a tensor that would pass the device's limits before
 * it is allocated, and an error that the device reports (which WebGPU tells late and tfjs ignores) is thrown at the next read.
 */
export class NerfsegWebGpuBackend extends WebGPUBackend {
  /** Bytes that one binding may have: what no single tensor passes, and what longer tables are split by. */
  bindingLimit: number;
  /** Bytes of freed buffers that may wait for use however little else is in use. */
  idleBytes = 2 ** 28;
  /** Optional features that programs use. Without them the same is done in another way. */
  readonly optional: { f16: boolean; subgroups: boolean; matrices?: SubgroupMatrices | undefined };
  private deviceError: string | undefined;

  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    super(device, info);
    this.bindingLimit = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize);
    const { features } = device;
    this.optional = {
      f16: features.has('shader-f16'),
      subgroups: features.has('subgroups'),
      matrices: features.has(matrixFeature) && features.has('shader-f16') ? matricesOf(info) : undefined,
    };
    device.addEventListener('uncapturederror', (event) => {
      this.deviceError ??= (event as GPUUncapturedErrorEvent).error.message;
    });
    device.lost.then(({ reason, message }) => {
      if (reason !== 'destroyed') this.deviceError ??= `the device was lost: ${message}`;
    });
  }

  private get internals(): Internals {
    return this as unknown as Internals;
  }

  override uploadToGPU(dataId: object): void {
    const { shape, resource, dtype } = this.tensorMap.get(dataId);
    if (resource == null) this.checkSize(bytesOf(shape), `a ${dtype} tensor of shape [${shape.join(', ')}]`);
    super.uploadToGPU(dataId);
  }

  override submitQueue(): void {
    super.submitQueue();
    this.trimFreeBuffers();
  }

  /**
   * tfjs keeps every freed buffer for tensors of the same size. Scans differ in size, so that most would never be used again:
   * where they come to more than what is in use (and the allowance), they are given back.
   */
  private trimFreeBuffers(): void {
    const manager = this.bufferManager as unknown as FreeBuffers;
    const idle = manager.numBytesAllocated - manager.numBytesUsed;
    if (idle <= Math.max(this.idleBytes, manager.numBytesUsed)) return;
    for (const buffers of manager.freeBuffers.values()) {
      for (const buffer of buffers) {
        manager.numBytesAllocated -= buffer.size;
        manager.numFreeBuffers--;
        buffer.destroy();
      }
      buffers.length = 0;
    }
  }

  override readSync(dataId: object): ReturnType<WebGPUBackend['readSync']> {
    if (this.tensorMap.get(dataId).values == null && !('OffscreenCanvas' in globalThis)) {
      throw new DeviceError(
        'unavailable',
        'synchronous read',
        'dataSync on WebGPU in Node',
        'data(), which waits, or another engine (NERFSEG_ENGINE=nerfseg-cpu)',
      );
    }
    return super.readSync(dataId);
  }

  override async read(dataId: object): ReturnType<WebGPUBackend['read']> {
    const values = await super.read(dataId);
    if (this.deviceError !== undefined) {
      const message = this.deviceError;
      this.deviceError = undefined;
      throw new DeviceError('unavailable', 'the GPU reported an error', message, 'no error');
    }
    return values;
  }

  /** Throws where an allocation would pass the device's limit. */
  checkSize(bytes: number, what: string): void {
    if (bytes <= this.bindingLimit) return;
    const mib = (size: number): string => `${(size / 2 ** 20).toFixed(1)} MiB`;
    throw new DeviceError(
      'out-of-range',
      what,
      mib(bytes),
      `at most ${mib(this.bindingLimit)}, this device's largest storage buffer: use fewer scans or rays per step`,
    );
  }

  /** A float32 (or int32) tensor of unset values, on the device. */
  allocate(shape: number[], dtype: 'float32' | 'int32' = 'float32'): TensorInfo {
    if (shape.some((size) => size === 0)) {
      const empty = dtype === 'float32' ? new Float32Array(0) : new Int32Array(0);
      return this.makeTensorInfo(shape, dtype, empty);
    }
    const info = this.makeTensorInfo(shape, dtype);
    this.uploadToGPU(info.dataId);
    return info;
  }

  /** A device buffer of unset values that is no tensor. Free it with {@link release}. */
  allocateResident(bytes: number, what: string): Resident {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    this.checkSize(size, what);
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return { buffer: this.bufferManager.acquireBuffer(size, usage), size };
  }

  /** A device buffer with these bytes. Free it with {@link release}. */
  uploadResident(view: ArrayBufferView, what: string): Resident {
    const size = Math.max(16, Math.ceil(view.byteLength / 16) * 16);
    this.checkSize(size, what);
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = this.bufferManager.acquireBuffer(size, usage, true, false);
    new Uint8Array(buffer.getMappedRange()).set(
      new Uint8Array(view.buffer, view.byteOffset, view.byteLength),
    );
    buffer.unmap();
    return { buffer, size };
  }

  /** Frees a resident buffer once everything recorded so far has been handed to the device. */
  release({ buffer }: Resident): void {
    this.internals.stagingPendingDisposal.push(buffer);
  }

  /** The buffer behind a tensor, uploaded where its values are still in host memory. */
  residentOf(info: TensorInfo): Resident {
    this.uploadToGPU(info.dataId);
    this.internals.commandQueueOwnedIds.add(info.dataId);
    const buffer = this.tensorMap.get(info.dataId).resource as GPUBuffer;
    return { buffer, size: bytesOf(info.shape) };
  }

  uniforms(values: { type: string; data: number[] }[]): GPUBindingResource {
    return this.internals.makeUniforms(values);
  }

  /** Records one dispatch behind everything that was recorded before. */
  dispatch(
    pipeline: GPUComputePipeline,
    bindings: GPUBindingResource[],
    groups: readonly [number, number, number],
  ): void {
    const { internals } = this;
    const group = this.device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: bindings.map((resource, binding) => ({ binding, resource })),
    });
    this.ensureCommandEncoderReady();
    internals.computePassEncoder ??= internals.commandEncoder!.beginComputePass();
    internals.computePassEncoder.setPipeline(pipeline);
    internals.computePassEncoder.setBindGroup(0, group);
    internals.computePassEncoder.dispatchWorkgroups(...groups);
    if (++internals.dispatchCountInPass >= dispatchesPerSubmit) {
      this.endComputePassEncoder();
      this.submitQueue();
    }
  }
}

const bytesOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 4);
