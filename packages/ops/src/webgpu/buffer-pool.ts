/// <reference types="@webgpu/types" />

/** Of four sizes between two powers of two a request gets the next: at most a fifth of a buffer is not used. */
const sizesPerOctave = 4;
const smallest = 256;

/** The size of the buffer that serves a request: a multiple of 16. */
export const pooledSize = (bytes: number, limit: number): number => {
  if (bytes <= smallest) return smallest;
  const step = 2 ** Math.floor(Math.log2(bytes)) / sizesPerOctave;
  const size = Math.ceil(bytes / step) * step;
  return size <= limit ? size : Math.ceil(bytes / 16) * 16;
};

interface Pooled {
  readonly bytes: number;
  readonly key: string;
}

/**
 * Buffers of a device, in place of tfjs's own pool and with its methods. Making and freeing buffers of some megabytes costs a driver
 * more than most programs that use them (on an H200 half of a network's time), and scans differ in size. So sizes are
 * rounded up, and freed buffers are kept as long as the device held no more before: at most half as much again as was ever in use at
 * a time, or what is in use and `idleBytes`. Those of the sizes that were not freed for the longest time go first.
 */
export class BufferPool {
  /** Bytes of freed buffers that may wait for use however little was ever in use. */
  idleBytes = 2 ** 28;
  numBytesUsed = 0;
  numBytesAllocated = 0;
  private readonly device: GPUDevice;
  /** The largest buffer that one binding may have. */
  private readonly limit: number;
  private mostBytesUsed = 0;
  /** Bytes and key of every buffer in use: asking Dawn for them in Node costs more than the rest. */
  private readonly used = new Map<GPUBuffer, Pooled>();
  /** By size and usage, in the order of the last release. */
  private readonly free = new Map<string, { readonly bytes: number; readonly buffers: GPUBuffer[] }>();

  constructor(device: GPUDevice, limit: number) {
    this.device = device;
    this.limit = limit;
  }

  /** A buffer of at least `size` bytes (of exactly so many where it will not be reused), of any content. */
  acquireBuffer(size: number, usage: GPUBufferUsageFlags, mappedAtCreation = false, reuse = true): GPUBuffer {
    const bytes = reuse ? pooledSize(size, this.limit) : size;
    const key = `${bytes} ${usage}`;
    let buffer = reuse ? this.free.get(key)?.buffers.pop() : undefined;
    if (!buffer) {
      buffer = this.device.createBuffer({ size: bytes, usage, mappedAtCreation });
      this.numBytesAllocated += bytes;
    }
    this.used.set(buffer, { bytes, key });
    this.numBytesUsed += bytes;
    this.mostBytesUsed = Math.max(this.mostBytesUsed, this.numBytesUsed);
    return buffer;
  }

  releaseBuffer(buffer: GPUBuffer, reuse = true): void {
    const pooled = this.used.get(buffer);
    // After dispose() tfjs still frees what its tensors held.
    if (!pooled) return;
    const { bytes, key } = pooled;
    this.used.delete(buffer);
    this.numBytesUsed -= bytes;
    if (!reuse) {
      this.destroy(buffer, bytes);
      return;
    }
    const waiting = this.free.get(key) ?? { bytes, buffers: [] };
    waiting.buffers.push(buffer);
    this.free.delete(key);
    this.free.set(key, waiting);
  }

  /** Gives back what is above the allowance. Call it when everything recorded was handed to the device. */
  trim(): void {
    const allowed = Math.max(1.5 * this.mostBytesUsed, this.numBytesUsed + this.idleBytes);
    for (const [key, { bytes, buffers }] of this.free) {
      while (this.numBytesAllocated > allowed && buffers.length > 0) this.destroy(buffers.pop()!, bytes);
      if (this.numBytesAllocated <= allowed) return;
      this.free.delete(key);
    }
  }

  getNumUsedBuffers(): number {
    return this.used.size;
  }

  getNumFreeBuffers(): number {
    return [...this.free.values()].reduce((sum, { buffers }) => sum + buffers.length, 0);
  }

  dispose(): void {
    const waiting = [...this.free.values()].flatMap(({ buffers }) => buffers);
    for (const buffer of [...this.used.keys(), ...waiting]) buffer.destroy();
    this.used.clear();
    this.free.clear();
    this.numBytesUsed = 0;
    this.numBytesAllocated = 0;
  }

  private destroy(buffer: GPUBuffer, bytes: number): void {
    this.numBytesAllocated -= bytes;
    buffer.destroy();
  }
}
