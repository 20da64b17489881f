import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { StartedEngine } from './engine-types.js';
import { mayHaveGpu } from './node-webgpu.js';
import { reasonOf, tryBackend } from './try-backend.js';

/**
 * WebGPU on this machine's GPU, in Node and in browsers.
 *
 * @param named whether it was asked for by name: then a software adapter will do, which is right but slower than the CPU
 *   engines.
 */
export const startWebGpu = async (named: boolean): Promise<Either<string, StartedEngine>> => {
  try {
    if (!named && !mayHaveGpu())
      return left('this machine has no GPU device files (/dev/dri, /dev/nvidiactl)');
    const { registerWebGpuBackend } = await import('../webgpu/index.js');
    const registered = await registerWebGpuBackend();
    if (isLeft(registered)) return registered;
    const { name, software, features } = registered.right;
    if (software && !named) {
      return left(
        `the only adapter is software ('${name}'), slower than the CPU engines; 'webgpu' by name takes it`,
      );
    }
    const backend = await tryBackend('webgpu');
    if (isLeft(backend)) return backend;
    const why = `WebGPU on '${name}'${software ? ' (software)' : ''}, features: ${features.join(', ') || 'none'}`;
    return right({ backend: 'webgpu', threads: 1, why });
  } catch (problem) {
    return left(`WebGPU does not start: ${reasonOf(problem)}`);
  }
};
