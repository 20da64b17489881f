/** What the GPU cannot do, or did wrong: thrown by kernels of the webgpu engine. The fields are those of `DataError`. */
export class DeviceError extends Error {
  readonly _tag = 'DataError';
  readonly source = 'webgpu';

  constructor(
    readonly code: 'out-of-range' | 'unavailable',
    readonly field: string,
    readonly found: string,
    readonly expected: string,
  ) {
    super(`webgpu: ${field}: ${found}, expected ${expected}`);
    this.name = 'DeviceError';
  }
}
