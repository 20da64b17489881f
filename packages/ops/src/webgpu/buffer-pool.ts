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
  private readonly used = new Set<GPUBuffer>();
  /** In the order of the last release. */
  private readonly free = new Map<string, GPUBuffer[]>();

  constructor(device: GPUDevice, limit: number) {
    this.device = device;
    this.limit = limit;
  }

  /** A buffer of at least `size` bytes (of exactly so many where it will not be reused), of any content. */
  acquireBuffer(size: number, usage: GPUBufferUsageFlags, mappedAtCreation = false, reuse = true): GPUBuffer {
    const bytes = reuse ? pooledSize(size, this.limit) : size;
    let buffer = reuse ? this.free.get(keyOf(bytes, usage))?.pop() : undefined;
    if (!buffer) {
      buffer = this.device.createBuffer({ size: bytes, usage, mappedAtCreation });
      this.numBytesAllocated += bytes;
    }
    this.used.add(buffer);
    this.numBytesUsed += bytes;
    this.mostBytesUsed = Math.max(this.mostBytesUsed, this.numBytesUsed);
    return buffer;
  }

  releaseBuffer(buffer: GPUBuffer, reuse = true): void {
    // After dispose() tfjs still frees what its tensors held.
    if (!this.used.delete(buffer)) return;
    this.numBytesUsed -= buffer.size;
    if (!reuse) {
      this.destroy(buffer);
      return;
    }
    const key = keyOf(buffer.size, buffer.usage);
    const waiting = this.free.get(key) ?? [];
    waiting.push(buffer);
    this.free.delete(key);
    this.free.set(key, waiting);
  }

  /** Gives back what is above the allowance. Call it when everything recorded was handed to the device. */
  trim(): void {
    const allowed = Math.max(1.5 * this.mostBytesUsed, this.numBytesUsed + this.idleBytes);
    for (const [key, waiting] of this.free) {
      while (this.numBytesAllocated > allowed && waiting.length > 0) this.destroy(waiting.pop()!);
      if (this.numBytesAllocated <= allowed) return;
      this.free.delete(key);
    }
  }

  getNumUsedBuffers(): number {
    return this.used.size;
  }

  getNumFreeBuffers(): number {
    return [...this.free.values()].reduce((sum, { length }) => sum + length, 0);
  }

  dispose(): void {
    for (const buffer of [...this.used, ...[...this.free.values()].flat()]) buffer.destroy();
    this.used.clear();
    this.free.clear();
    this.numBytesUsed = 0;
    this.numBytesAllocated = 0;
  }

  private destroy(buffer: GPUBuffer): void {
    this.numBytesAllocated -= buffer.size;
    buffer.destroy();
  }
}

const keyOf = (size: number, usage: GPUBufferUsageFlags): string => `${size} ${usage}`;
