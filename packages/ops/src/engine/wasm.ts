import { env } from '@tensorflow/tfjs-core';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { StartedEngine } from './engine-types.js';
import { reasonOf, tryBackend } from './try-backend.js';

/** tfjs's WebAssembly backend. In Node it finds its binaries beside its own module and has one thread. */
export const startWasm = async (): Promise<Either<string, StartedEngine>> => {
  try {
    const { getThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
    const backend = await tryBackend('wasm');
    if (isLeft(backend)) return backend;
    const threads = getThreadsCount();
    const simd = (await env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? 'with SIMD' : 'without SIMD';
    return right({
      backend: 'wasm',
      threads,
      why: `WebAssembly ${simd} on ${threads} thread${threads === 1 ? '' : 's'}`,
    });
  } catch (problem) {
    return left(reasonOf(problem));
  }
};
