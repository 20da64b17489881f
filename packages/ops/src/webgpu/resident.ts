/// <reference types="@webgpu/types" />

/** A buffer on the device that is no tensor. */
export interface Resident {
  readonly buffer: GPUBuffer;
  /** Where only a part is meant: bytes from the start of the buffer, a multiple of 256. Left out, a program may see all of the buffer. */
  readonly offset?: number;
  /** Bytes in use. */
  readonly size: number;
}
