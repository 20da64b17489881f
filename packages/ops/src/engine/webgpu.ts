import { type Either, left } from 'fp-ts/lib/Either.js';
import type { StartedEngine } from './engine-types.js';

/** WebGPU: this version of the package has no WGSL kernels, so it is never chosen. */
export const startWebGpu = async (): Promise<Either<string, StartedEngine>> =>
  left('this version of @nerfseg/ops has no WebGPU kernels');
