// What bundlers take instead of node-gpu.ts (package.json, `browser`).
import { type Either, left } from 'fp-ts/lib/Either.js';
import type { StartedEngine } from './engine-types.js';

/** There is no CUDA in a browser. */
export const startNodeGpu = async (): Promise<Either<string, StartedEngine>> =>
  left('@tensorflow/tfjs-node-gpu needs Node');
