/// <reference types="@webgpu/types" />
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { engine, type TensorInfo } from '@tensorflow/tfjs-core';
import { BindGroups } from './bind-groups.js';
import { BufferPool } from './buffer-pool.js';
import { CommandParameters, type ParameterType } from './command-parameters.js';
import { matrixFeature } from './describe-adapter.js';
import { DeviceError } from './device-error.js';
import { matricesOf, type SubgroupMatrices } from './matrix-product.js';
import type { Resident } from './resident.js';

/** tfjs's name of the backend. */
export const webGpuBackendName = 'webgpu';

/** What tfjs's backend (4.22.0, pinned) keeps private and a program of our own needs to join its command queue. */
interface Internals {
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  readonly commandQueueOwnedIds: WeakSet<object>;
  readonly uniformPendingDisposal: GPUBuffer[];
  bufferManager: BufferPool;
}

/** A program ready to run. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  /** Of its parameters, in their order. */
  readonly types: readonly ParameterType[];
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
  /** Optional features that programs use. Without them the same is done in another way. */
  readonly optional: { f16: boolean; subgroups: boolean; matrices?: SubgroupMatrices | undefined };
  readonly pool: BufferPool;
  private readonly parameters: CommandParameters;
  private readonly bindGroups: BindGroups;
  private deviceError: string | undefined;

  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    super(device, info);
    this.bindingLimit = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize);
    this.pool = new BufferPool(device, this.bindingLimit);
    this.internals.bufferManager = this.pool;
    this.parameters = new CommandParameters(device);
    this.bindGroups = new BindGroups(device);
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
    const data = this.tensorMap.get(dataId);
    const { shape, dtype } = data;
    if (data.resource != null) return;
    const bytes = bytesOf(shape);
    this.checkSize(bytes, `a ${dtype} tensor of shape [${shape.join(', ')}]`);
    const buffer = this.pool.acquireBuffer(bytes, tensorUsage());
    if (data.values) {
      const values = data.values as Float32Array | Int32Array | Uint8Array;
      this.fill(buffer, dtype === 'float32' ? asFloat32(values) : asInt32(values));
      // As tfjs does: what is on the device is not kept on the host.
      data.values = null as unknown as typeof data.values;
    }
    data.resource = buffer;
  }

  /** Writes values to a buffer that was just acquired: whatever used it before was handed to the device, and comes first. */
  private fill(buffer: GPUBuffer, view: ArrayBufferView): void {
    const { buffer: bytes, byteOffset, byteLength } = unshared(view);
    const whole = byteLength & ~3;
    this.device.queue.writeBuffer(buffer, 0, bytes as ArrayBuffer, byteOffset, whole);
    if (whole === byteLength) return;
    const rest = new Uint8Array(4);
    rest.set(new Uint8Array(bytes, byteOffset + whole, byteLength - whole));
    this.device.queue.writeBuffer(buffer, whole, rest);
  }

  override submitQueue(): void {
    this.parameters.hand();
    super.submitQueue();
    this.pool.trim();
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
    super.readSync(dataId);
    return this.cutToSize(dataId);
  }

  override async read(dataId: object): ReturnType<WebGPUBackend['read']> {
    // Whoever reads may dispose meanwhile, as on other backends: what was asked for is there until it has come.
    this.incRef(dataId);
    try {
      await super.read(dataId);
      if (this.deviceError !== undefined) {
        const message = this.deviceError;
        this.deviceError = undefined;
        throw new DeviceError('unavailable', 'the GPU reported an error', message, 'no error');
      }
      return this.cutToSize(dataId);
    } finally {
      if (this.disposeData(dataId)) engine().removeDataId(dataId, this);
    }
  }

  /** The values that were read: tfjs reads whole buffers, which may be longer than their tensors. */
  private cutToSize(dataId: object): ReturnType<WebGPUBackend['readSync']> {
    const data = this.tensorMap.get(dataId);
    if (data.dtype === 'complex64' || data.dtype === 'string') return data.values!;
    const values = data.values as Float32Array | Int32Array | Uint8Array;
    const size = data.shape.reduce((product, n) => product * n, 1);
    if (values.length > size) data.values = values.slice(0, size);
    return data.values!;
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
    return { buffer: this.pool.acquireBuffer(size, tensorUsage()), size };
  }

  /** A device buffer with these bytes. Free it with {@link release}. */
  uploadResident(view: ArrayBufferView, what: string): Resident {
    const size = Math.max(16, Math.ceil(view.byteLength / 16) * 16);
    this.checkSize(size, what);
    const buffer = this.pool.acquireBuffer(size, tensorUsage());
    this.fill(buffer, view);
    return { buffer, size };
  }

  /** Frees a resident buffer once everything recorded so far has been handed to the device. */
  release({ buffer }: Resident): void {
    this.internals.uniformPendingDisposal.push(buffer);
  }

  /** The buffer behind a tensor, uploaded where its values are still in host memory. */
  residentOf(info: TensorInfo): Resident {
    this.uploadToGPU(info.dataId);
    this.internals.commandQueueOwnedIds.add(info.dataId);
    const buffer = this.tensorMap.get(info.dataId).resource as GPUBuffer;
    return { buffer, size: bytesOf(info.shape) };
  }

  /** Records one dispatch behind everything that was recorded before. */
  dispatch(
    { pipeline, layout, types }: Pipeline,
    buffers: readonly Resident[],
    parameters: readonly number[],
    groups: readonly [number, number, number],
  ): void {
    const { internals } = this;
    if (this.parameters.isFull) this.handOver();
    const group = this.bindGroups.of(layout, buffers, this.parameters.buffer);
    this.ensureCommandEncoderReady();
    const pass = (internals.computePassEncoder ??= internals.commandEncoder!.beginComputePass());
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group, [this.parameters.add(types, parameters)]);
    pass.dispatchWorkgroups(...groups);
    if (++internals.dispatchCountInPass >= dispatchesPerSubmit) this.handOver();
  }

  private handOver(): void {
    this.endComputePassEncoder();
    this.submitQueue();
  }
}

/** The view itself, or a copy of memory that threads share: Dawn in Node takes none of it. */
const unshared = (view: ArrayBufferView): ArrayBufferView =>
  'SharedArrayBuffer' in globalThis && view.buffer instanceof SharedArrayBuffer
    ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice()
    : view;

/** A function, because browsers and Dawn define the constants at different times. */
const tensorUsage = (): number => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

const asFloat32 = (values: ArrayLike<number>): Float32Array =>
  values instanceof Float32Array ? values : Float32Array.from(values);

const asInt32 = (values: ArrayLike<number>): Int32Array =>
  values instanceof Int32Array ? values : Int32Array.from(values);

const bytesOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 4);
