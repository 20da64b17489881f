/**
 * Where a function takes the arrays of its result from. What they hold at first is undefined: they are written in full.
 * Large arrays that are made anew for every scan cost more than what is computed into them, since the system clears and
 * maps their memory each time; a loop over scans may pass an allocator that uses memory again.
 */
export interface ArrayAllocator {
  readonly float32: (length: number) => Float32Array;
  readonly int32: (length: number) => Int32Array;
  readonly uint8: (length: number) => Uint8Array;
}

/** New arrays, the caller's own: what every function does that is given no allocator. */
export const freshArrays: ArrayAllocator = {
  float32: (length) => new Float32Array(length),
  int32: (length) => new Int32Array(length),
  uint8: (length) => new Uint8Array(length),
};
