import { constants } from 'node:buffer';
import type { NativeAddon } from './addon.js';

/** Arrays up to this many floats live on JavaScript's own heap. */
const smallest = 16;
/** Blocks are multiples of a cache line, so every one starts on one. */
const line = 64;
const chunkBytes = 64 << 20;

/** A piece of a chunk; neighbours in memory are linked, so that free ones can be joined. */
interface Block {
  readonly chunk: Chunk;
  offset: number;
  size: number;
  free: boolean;
  before: Block | undefined;
  after: Block | undefined;
}

interface Chunk {
  readonly buffer: ArrayBuffer;
}

/**
 * Memory for float32 tensors: large aligned chunks, cut into blocks by best fit and joined again when blocks are given
 * back. A block is reused at once for whatever fits, so memory stays close to what the tensors in use need, whatever
 * their sizes are from step to step. Arrays handed out are views of a chunk: nothing outside the backend may keep one.
 */
export interface Arena {
  /** An array of that length, not cleared. */
  take(length: number): Float32Array;
  /** Returns an array that `take` made; others are ignored. */
  give(values: Float32Array): void;
  /** Whether an array is a view of this memory. */
  owns(values: ArrayBufferView): boolean;
  readonly bytesInUse: number;
  readonly bytesIdle: number;
}

/** Free blocks lie in bins of a quarter of a power of two. */
const binOf = (size: number): number => {
  const power = Math.floor(Math.log2(size / smallest));
  return power * 4 + (Math.floor(size / 2 ** (power + 2)) & 3);
};

/** What Node lets one buffer be: 4 GiB before version 22. */
const largest = Math.min(constants.MAX_LENGTH, 2 ** 36 - (2 << 20));

/** Makes an {@link Arena} over the add-on's allocator. */
export const createArena = (addon: Pick<NativeAddon, 'allocate' | 'release'>): Arena => {
  const bins: Set<Block>[] = Array.from({ length: 128 }, () => new Set());
  const blockOf = new WeakMap<Float32Array, Block>();
  const chunks = new Set<ArrayBufferLike>();
  let inUse = 0;
  let reserved = 0;

  const setFree = (block: Block, free: boolean): void => {
    block.free = free;
    if (free) bins[binOf(block.size)].add(block);
    else bins[binOf(block.size)].delete(block);
  };

  /**
   * A new chunk. Chunks that lie idle were all too small for the request: they go back to the system first, so that
   * what is reserved stays near what was in use at once. Otherwise memory is kept, since what one training step needed
   * the next one will need, and fresh pages cost more than the work done on them.
   */
  const grow = (size: number): Block => {
    for (const bin of bins) {
      for (const block of bin) {
        if (block.before || block.after) continue;
        setFree(block, false);
        chunks.delete(block.chunk.buffer);
        reserved -= block.size;
        addon.release(block.chunk.buffer);
      }
    }
    if (size > largest)
      throw new RangeError(`nerfseg-cpu: a tensor of ${size} bytes, expected at most ${largest}`);
    const buffer = addon.allocate(Math.max(chunkBytes, Math.ceil(size / (2 << 20)) * (2 << 20)));
    chunks.add(buffer);
    reserved += buffer.byteLength;
    return {
      chunk: { buffer },
      offset: 0,
      size: buffer.byteLength,
      free: false,
      before: undefined,
      after: undefined,
    };
  };

  /** The smallest free block of the first bin that has one large enough. */
  const find = (size: number): Block | undefined => {
    for (let bin = binOf(size); bin < bins.length; bin++) {
      let best: Block | undefined;
      for (const block of bins[bin]) {
        if (block.size >= size && (!best || block.size < best.size)) best = block;
      }
      if (best) return best;
    }
    return undefined;
  };

  const split = (block: Block, size: number): void => {
    if (block.size - size < line) return;
    const { after } = block;
    const rest: Block = {
      chunk: block.chunk,
      offset: block.offset + size,
      size: block.size - size,
      free: true,
      before: block,
      after,
    };
    if (after) after.before = rest;
    block.after = rest;
    block.size = size;
    setFree(rest, true);
  };

  /** Joins a block with the one after it. */
  const absorb = (block: Block): void => {
    const gone = block.after!;
    block.size += gone.size;
    block.after = gone.after;
    if (gone.after) gone.after.before = block;
  };

  return {
    take(length) {
      if (length <= smallest) return new Float32Array(length);
      const size = Math.ceil((length * 4) / line) * line;
      let block = find(size);
      if (block) setFree(block, false);
      else block = grow(size);
      split(block, size);
      inUse += block.size;
      const values = new Float32Array(block.chunk.buffer, block.offset, length);
      blockOf.set(values, block);
      return values;
    },
    give(values) {
      let block = blockOf.get(values);
      if (!block) return;
      blockOf.delete(values);
      inUse -= block.size;
      if (block.after?.free) {
        setFree(block.after, false);
        absorb(block);
      }
      if (block.before?.free) {
        block = block.before;
        setFree(block, false);
        absorb(block);
      }
      setFree(block, true);
    },
    owns: (values) => chunks.has(values.buffer),
    get bytesInUse() {
      return inUse;
    },
    get bytesIdle() {
      return reserved - inUse;
    },
  };
};
