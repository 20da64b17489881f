import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { backend_util, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { NativeAddon } from './addon.js';
import type { Pool } from './pool.js';

/** Name under which the backend is registered with TensorFlow.js. */
export const nativeBackendName = 'nerfseg-cpu';

let nextId = 0;

/**
 * tfjs's cpu backend with all its kernels, whose float32 tensors live in pooled, aligned native memory that the C++
 * kernels work on in place. A tensor's values that leave through `data()` or `dataSync()`, or that an inherited kernel
 * shares between tensors, are never reused afterwards: what the caller holds stays as it was.
 */
export class NativeBackend extends MathBackendCPU {
  readonly addon: NativeAddon;
  readonly pool: Pool;

  constructor(addon: NativeAddon, pool: Pool) {
    super();
    this.addon = addon;
    this.pool = pool;
  }

  /** A float32 tensor to be filled by the caller, and its values. Not cleared. */
  allocate(shape: number[], length: number): { info: TensorInfo; values: Float32Array } {
    const values = this.pool.take(length);
    return { info: this.adopt(values, shape, 'float32'), values };
  }

  /** The values of a float32 tensor, in place. */
  floats(info: TensorInfo): Float32Array {
    return this.data.get(info.dataId).values as Float32Array;
  }

  override write(values: backend_util.BackendValues, shape: number[], dtype: DataType): object {
    // An inherited kernel may hand in a view of another tensor's memory (a slice does).
    if (ArrayBuffer.isView(values)) this.pool.escape(values);
    return this.adopt(values, shape, dtype).dataId;
  }

  override readSync(dataId: object): backend_util.BackendValues {
    const { values } = this.data.get(dataId);
    if (ArrayBuffer.isView(values)) this.pool.escape(values);
    return super.readSync(dataId);
  }

  override disposeData(dataId: object, force = false): boolean {
    const values = this.data.has(dataId) ? this.data.get(dataId).values : undefined;
    const disposed = super.disposeData(dataId, force);
    if (values instanceof Float32Array && !this.data.has(dataId)) this.pool.give(values);
    return disposed;
  }

  override memory(): { unreliable: boolean; reasons: string[]; bytesInUse: number; bytesIdle: number } {
    return {
      unreliable: false,
      reasons: [],
      bytesInUse: this.pool.bytesInUse,
      bytesIdle: this.pool.bytesIdle,
    };
  }

  private adopt(values: backend_util.BackendValues, shape: number[], dtype: DataType): TensorInfo {
    const dataId = { id: nextId++ };
    this.data.set(dataId, { values, dtype, refCount: 1 });
    return { dataId, shape, dtype };
  }
}
