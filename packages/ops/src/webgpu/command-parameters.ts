/// <reference types="@webgpu/types" />

/** Bytes from one dispatch's parameters to the next one's: WebGPU's alignment of offsets, and the most that a dispatch may have. */
export const parameterBytes = 256;
const words = parameterBytes / 4;
/** Dispatches whose parameters fit; the queue is handed over far earlier. */
const slots = 64;

/** How the parameters of a program are written: one number each, in their order. */
export type ParameterType = 'u32' | 'i32' | 'f32';

/**
 * The parameters of all dispatches that are handed over together, in one buffer. A uniform buffer of its own for each would need a
 * bind group of its own, too, and these cost the host ten times what everything else about a dispatch does.
 */
export class CommandParameters {
  readonly buffer: GPUBuffer;
  private readonly device: GPUDevice;
  private readonly staged = new ArrayBuffer(slots * parameterBytes);
  private readonly u32 = new Uint32Array(this.staged);
  private readonly i32 = new Int32Array(this.staged);
  private readonly f32 = new Float32Array(this.staged);
  private used = 0;

  constructor(device: GPUDevice) {
    this.device = device;
    this.buffer = device.createBuffer({
      size: slots * parameterBytes,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  /** Whether there is no room for another dispatch before {@link hand}. */
  get isFull(): boolean {
    return this.used === slots;
  }

  /** Keeps the parameters of a dispatch; returns their offset in the buffer. */
  add(types: readonly ParameterType[], values: readonly number[]): number {
    const slot = this.used++;
    for (const [n, type] of types.entries()) this[type][slot * words + n] = values[n];
    return slot * parameterBytes;
  }

  /** Sends what was kept. Call it before the dispatches are handed over: those of before have done with the buffer then. */
  hand(): void {
    if (this.used > 0)
      this.device.queue.writeBuffer(this.buffer, 0, this.staged, 0, this.used * parameterBytes);
    this.used = 0;
  }
}
