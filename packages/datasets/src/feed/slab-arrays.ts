import type { ArrayAllocator } from '@nerfseg/geometry';

/** Arrays out of one block of memory, and how much of it all of them take. */
export interface SlabArrays extends ArrayAllocator {
  /** Bytes that were asked for so far, also beyond the block. */
  readonly used: () => number;
}

/** Takes arrays out of a block, one after another, each beginning at a multiple of 8 bytes; new ones once it is full. */
export const slabArrays = (slab: ArrayBuffer): SlabArrays => {
  let used = 0;
  const take = (bytes: number): number | undefined => {
    const at = used;
    used += Math.ceil(bytes / 8) * 8;
    return used <= slab.byteLength ? at : undefined;
  };
  const floats = (length: number, at = take(length * 4)): Float32Array =>
    at === undefined ? new Float32Array(length) : new Float32Array(slab, at, length);
  const integers = (length: number, at = take(length * 4)): Int32Array =>
    at === undefined ? new Int32Array(length) : new Int32Array(slab, at, length);
  const bytes = (length: number, at = take(length)): Uint8Array =>
    at === undefined ? new Uint8Array(length) : new Uint8Array(slab, at, length);
  return {
    float32: (length) => floats(length),
    int32: (length) => integers(length),
    uint8: (length) => bytes(length),
    used: () => used,
  };
};
