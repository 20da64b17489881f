import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { StartedEngine } from './engineTypes.js';
import { isMissing, reasonOf, tryBackend } from './tryBackend.js';

/** What the native engine's module offers: builds or loads the add-on and registers the backend `nerfseg-cpu`. */
interface NativeModule {
  registerNativeBackend(): Promise<Either<string, { readonly threads: number; readonly isa: string }>>;
}

// A variable, so that the package builds and runs without the add-on.
const modulePath: string = '../native/index.js';

/** The C++ engine on this machine's CPU. */
export const startNative = async (): Promise<Either<string, StartedEngine>> => {
  let native: NativeModule;
  try {
    native = (await import(modulePath)) as NativeModule;
  } catch (problem) {
    if (isMissing(problem, 'native')) return left('the native engine is not part of this installation');
    return left(`the native engine does not load: ${reasonOf(problem)}`);
  }
  try {
    const registered = await native.registerNativeBackend();
    if (isLeft(registered)) return registered;
    const backend = await tryBackend('nerfseg-cpu');
    if (isLeft(backend)) return backend;
    const { threads, isa } = registered.right;
    return right({ backend: 'nerfseg-cpu', threads, why: `native kernels (${isa}) on ${threads} threads` });
  } catch (problem) {
    return left(`the native engine does not start: ${reasonOf(problem)}`);
  }
};
