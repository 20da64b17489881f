import { availableParallelism } from 'node:os';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { StartedEngine } from './engine-types.js';
import { isMissing, reasonOf, tryBackend } from './try-backend.js';

// A variable, because the package is an optional peer that TypeScript need not find.
const packageName: string = '@tensorflow/tfjs-node-gpu';

/** TensorFlow on CUDA, where the optional peer is installed and sees a GPU. */
export const startNodeGpu = async (): Promise<Either<string, StartedEngine>> => {
  try {
    await import(packageName);
  } catch (problem) {
    if (isMissing(problem, 'tfjs-node-gpu')) return left(`${packageName} is not installed`);
    return left(`${packageName} does not load: ${reasonOf(problem)}`);
  }
  const backend = await tryBackend('tensorflow');
  if (isLeft(backend)) return backend;
  if (!('isUsingGpuDevice' in backend.right && backend.right.isUsingGpuDevice === true)) {
    return left(`${packageName} found no CUDA device`);
  }
  return right({
    backend: 'tensorflow',
    threads: availableParallelism(),
    why: `${packageName} runs on a CUDA device`,
  });
};
