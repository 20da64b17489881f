// What bundlers take instead of native.ts (package.json, `browser`).
import { type Either, left } from 'fp-ts/lib/Either.js';
import type { StartedEngine } from './engine-types.js';

/** There is no C++ in a browser. */
export const startNative = async (): Promise<Either<string, StartedEngine>> =>
  left('native kernels need Node');
