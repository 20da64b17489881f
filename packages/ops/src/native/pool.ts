import type { NativeAddon } from './addon.js';

/** One piece of memory that tensors use in turn. */
interface Block {
  readonly buffer: ArrayBuffer;
  /** Something outside the backend may still look at it: it is left to the garbage collector. */
  escaped: boolean;
}

/** Arrays up to this many floats live on JavaScript's own heap. */
const smallest = 16;

/** Sizes in quarter steps between powers of two: at most a fifth of a block is unused. */
export const sizeClass = (bytes: number): number => {
  let power = 256;
  while (power * 2 <= bytes) power *= 2;
  const step = power / 4;
  return bytes <= power ? power : Math.ceil(bytes / step) * step;
};

/**
 * A pool of aligned native memory for float32 tensors. `give` returns an array's memory for the next `take` of about
 * its size; what is idle beyond a share of the peak in use goes back to the system, longest unused first.
 */
export interface Pool {
  take(length: number): Float32Array;
  give(values: Float32Array): void;
  /** Memory that someone else may hold on to is never reused. */
  escape(values: ArrayBufferView): void;
  readonly bytesInUse: number;
  readonly bytesIdle: number;
}

/** Makes a {@link Pool} over the add-on's allocator. */
export const createPool = (addon: Pick<NativeAddon, 'allocate' | 'release'>): Pool => {
  const blocks = new WeakMap<ArrayBufferLike, Block>();
  const idle = new Map<number, Block[]>();
  /** In order of return. */
  const order = new Set<Block>();
  let inUse = 0;
  let idleBytes = 0;
  let peak = 0;

  const takeIdle = (size: number): Block | undefined => {
    const block = idle.get(size)?.pop();
    if (!block) return undefined;
    order.delete(block);
    idleBytes -= size;
    return block;
  };

  const trim = (): void => {
    const limit = Math.max(32 << 20, peak / 4);
    for (const block of order) {
      if (idleBytes <= limit) return;
      const size = block.buffer.byteLength;
      const list = idle.get(size)!;
      list.splice(list.indexOf(block), 1);
      order.delete(block);
      idleBytes -= size;
      addon.release(block.buffer);
    }
  };

  return {
    take(length) {
      if (length <= smallest) return new Float32Array(length);
      const size = sizeClass(length * 4);
      let block = takeIdle(size);
      if (!block) {
        block = { buffer: addon.allocate(size), escaped: false };
        blocks.set(block.buffer, block);
      }
      inUse += size;
      peak = Math.max(peak, inUse);
      return new Float32Array(block.buffer, 0, length);
    },
    give(values) {
      const block = blocks.get(values.buffer);
      if (!block) return;
      const size = block.buffer.byteLength;
      inUse -= size;
      if (block.escaped) return;
      const list = idle.get(size);
      if (list) list.push(block);
      else idle.set(size, [block]);
      order.add(block);
      idleBytes += size;
      trim();
    },
    escape(values) {
      const block = blocks.get(values.buffer);
      if (block) block.escaped = true;
    },
    get bytesInUse() {
      return inUse;
    },
    get bytesIdle() {
      return idleBytes;
    },
  };
};
