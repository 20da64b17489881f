import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { StartedEngine } from './engine-types.js';
import { reasonOf, tryBackend } from './try-backend.js';

/** The C++ engine on this machine's CPU. */
export const startNative = async (): Promise<Either<string, StartedEngine>> => {
  try {
    const { registerNativeBackend } = await import('../native/index.js');
    const registered = await registerNativeBackend();
    if (isLeft(registered)) return registered;
    const backend = await tryBackend('nerfseg-cpu');
    if (isLeft(backend)) return backend;
    const { threads, isa } = registered.right;
    return right({ backend: 'nerfseg-cpu', threads, why: `native kernels (${isa}) on ${threads} threads` });
  } catch (problem) {
    return left(`the native engine does not start: ${reasonOf(problem)}`);
  }
};
