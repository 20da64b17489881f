import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { backend_util, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { NativeAddon } from './addon.js';
import type { Arena } from './arena.js';

/** Name under which the backend is registered with TensorFlow.js. */
export const nativeBackendName = 'nerfseg-cpu';

let nextId = 0;

/**
 * tfjs's cpu backend with all its kernels, whose float32 tensors live in an arena of aligned native memory that the C++
 * kernels work on in place. That memory is reused as soon as a tensor is disposed; so what `data()` and `dataSync()`
 * return is a copy of what lies there (tiny tensors, and those made from an array, lie on JavaScript's heap and are returned as they
 * are, as tfjs's own do), and so is what an inherited kernel passes on as a view of another tensor.
 */
export class NativeBackend extends MathBackendCPU {
  readonly addon: NativeAddon;
  readonly arena: Arena;
  /** What kernels under way have allocated. */
  private readonly fresh: TensorInfo[] = [];

  constructor(addon: NativeAddon, arena: Arena) {
    super();
    this.addon = addon;
    this.arena = arena;
  }

  /** A float32 tensor to be filled by the caller, and its values. Not cleared. */
  allocate(shape: number[], length: number): { info: TensorInfo; values: Float32Array } {
    const values = this.arena.take(length);
    const info = this.adopt(values, shape, 'float32');
    this.fresh.push(info);
    return { info, values };
  }

  /** Runs a kernel; where it throws, the tensors that it had allocated are freed. */
  whole<T>(kernel: () => T): T {
    const before = this.fresh.length;
    try {
      return kernel();
    } catch (error) {
      for (const { dataId } of this.fresh.slice(before))
        if (this.data.has(dataId)) this.disposeData(dataId, true);
      throw error;
    } finally {
      this.fresh.length = before;
    }
  }

  /** The values of a float32 tensor, in place where they are floats: tfjs's cpu kernels keep integers that were cast, and a bare list where there are none. */
  floats(info: TensorInfo): Float32Array {
    const values = this.data.get(info.dataId).values as ArrayLike<number>;
    return values instanceof Float32Array ? values : Float32Array.from(values);
  }

  override write(values: backend_util.BackendValues, shape: number[], dtype: DataType): object {
    return this.adopt(this.detached(values), shape, dtype).dataId;
  }

  override readSync(dataId: object): backend_util.BackendValues {
    return this.detached(super.readSync(dataId));
  }

  override disposeData(dataId: object, force = false): boolean {
    const values = this.data.has(dataId) ? this.data.get(dataId).values : undefined;
    const disposed = super.disposeData(dataId, force);
    if (values instanceof Float32Array && !this.data.has(dataId)) this.arena.give(values);
    return disposed;
  }

  override memory(): { unreliable: boolean; reasons: string[]; bytesInUse: number; bytesIdle: number } {
    const { bytesInUse, bytesIdle } = this.arena;
    return { unreliable: false, reasons: [], bytesInUse, bytesIdle };
  }

  /** The values themselves, or a copy where they lie in the arena. */
  private detached(values: backend_util.BackendValues): backend_util.BackendValues {
    return values instanceof Float32Array && this.arena.owns(values) ? values.slice() : values;
  }

  private adopt(values: backend_util.BackendValues, shape: number[], dtype: DataType): TensorInfo {
    const dataId = { id: nextId++ };
    this.data.set(dataId, { values, dtype, refCount: 1 });
    return { dataId, shape, dtype };
  }
}
