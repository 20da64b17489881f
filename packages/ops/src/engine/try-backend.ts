import { findBackend, matMul, setBackend, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { greetQuietly } from './quietly.js';

/** Makes a registered backend tfjs's current one and lets it multiply two matrices; or says why it cannot. */
export const tryBackend = async (name: string): Promise<Either<string, object>> => {
  try {
    if (!(await setBackend(name))) return left(`tfjs could not initialise its backend '${name}'`);
    greetQuietly();
    const result = tidy(() => matMul(tensor2d([[1, 2]]), tensor2d([[3], [4]])));
    const product = [...(await result.data())];
    result.dispose();
    if (product.length !== 1 || product[0] !== 11) {
      return left(`its backend '${name}' computed ${product} where 11 is right`);
    }
    return right(findBackend(name) as object);
  } catch (problem) {
    return left(reasonOf(problem));
  }
};

/** The first line of what an exception says. */
export const reasonOf = (problem: unknown): string =>
  String(problem instanceof Error ? problem.message : problem)
    .split('\n')[0]
    .trim();

/** Whether an exception says that a module is not installed (rather than that it failed to load). */
export const isMissing = (problem: unknown, specifier: string): boolean => {
  const code = problem instanceof Error && 'code' in problem ? problem.code : undefined;
  return (
    (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && reasonOf(problem).includes(specifier)
  );
};
