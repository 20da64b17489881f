import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { StartedEngine } from './engine-types.js';
import { reasonOf, tryBackend } from './try-backend.js';

/** tfjs's plain JavaScript backend: slow, and works everywhere. */
export const startCpu = async (): Promise<Either<string, StartedEngine>> => {
  try {
    await import('@tensorflow/tfjs-backend-cpu');
    const backend = await tryBackend('cpu');
    if (isLeft(backend)) return backend;
    return right({ backend: 'cpu', threads: 1, why: 'plain JavaScript works everywhere' });
  } catch (problem) {
    return left(reasonOf(problem));
  }
};
